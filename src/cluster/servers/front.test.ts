import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, test } from 'node:test';
import { silentLogger, VirtualClock } from '#base';
import { Front } from './front.ts';
import type { Target } from './health-checks.ts';

const host = '127.0.0.1';
const stop = new AbortController();
const running: Promise<void>[] = [];
after(async () => {
  stop.abort();
  await Promise.all(running);
});

/** A server that tells its name and what it was sent. */
async function named(name: string) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let said = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => (said += String(chunk)));
    socket.on('end', () => socket.end(`${name}: ${said}`));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { server, target: { host, port: (server.address() as AddressInfo).port } };
}

/** A front, whose servers are well unless they are said not to be. */
async function frontOf(targets: Target[]) {
  const clock = new VirtualClock();
  const unwell = new Map<Target, 'failing' | 'silent'>();
  const check = async (target: Target, signal: AbortSignal): Promise<void> => {
    if (unwell.get(target) === 'failing') throw new Error('not ready');
    if (unwell.get(target) === 'silent') await once(signal, 'abort').then(() => signal.throwIfAborted());
  };
  const front = new Front({ listen: [{ host, port: 0 }], targets, check, clock, log: silentLogger });
  running.push(front.run(stop.signal));
  const [port = 0] = await front.ready;
  const open = async (): Promise<Socket> => {
    const socket = connect(port, host);
    socket.on('error', () => {}); // it was cut
    await once(socket, 'connect');
    return socket;
  };
  const ask = async (said: string): Promise<string> => {
    const socket = await open();
    socket.end(said);
    return text(socket);
  };
  const seconds = async (count: number): Promise<void> => {
    for (let n = 0; n < count * 20; n++) {
      await clock.advance(50);
      await nextTurn();
    }
  };
  await seconds(1); // until all are known to be well
  return { ask, open, unwell, seconds };
}

test('connections go to one server after another, and past those that are gone', async () => {
  const [a, b] = [await named('a'), await named('b')];
  const { ask } = await frontOf([a.target, b.target]);
  assert.deepEqual([await ask('1'), await ask('2'), await ask('3')], ['a: 1', 'b: 2', 'a: 3']);
  a.server.close();
  assert.deepEqual([await ask('4'), await ask('5')], ['b: 4', 'b: 5']);
  b.server.close();
  await assert.rejects(
    ask('6').then((answer) => assert.notEqual(answer, '')),
    'nobody is there',
  );
});

for (const how of ['failing', 'silent'] as const)
  test(`a server that is ${how} gets no connections${how === 'silent' ? ', loses those it has' : ''}, and gets some when it is well again`, async () => {
    const [a, b] = [await named('a'), await named('b')];
    const { ask, open, unwell, seconds } = await frontOf([a.target, b.target]);
    const held = [await open(), await open()]; // one to each
    const cut = how === 'silent' && once(held[0]!, 'close');
    unwell.set(a.target, how);
    await seconds(6);
    await cut;
    assert.deepEqual([await ask('1'), await ask('2'), await ask('3')], ['b: 1', 'b: 2', 'b: 3']);
    unwell.clear();
    await seconds(3);
    assert.deepEqual([await ask('4'), await ask('5')].sort(), ['a: 5', 'b: 4']);
    for (const [at, name] of ['a', 'b'].entries()) {
      if (cut && name === 'a') continue;
      held[at]!.end('still here');
      assert.equal(await text(held[at]!), `${name}: still here`);
    }
    a.server.close();
    b.server.close();
  });

test('who has nobody else keeps what there is', async () => {
  const [a, b] = [await named('a'), await named('b')];
  const { ask, open, unwell, seconds } = await frontOf([a.target, b.target]);
  unwell.set(a.target, 'silent');
  await seconds(6);
  const held = await open();
  unwell.set(b.target, 'silent');
  await seconds(6);
  assert.deepEqual([await ask('1'), await ask('2')].sort(), ['a: 2', 'b: 1']);
  held.end('held');
  assert.equal(await text(held), 'b: held');
  a.server.close();
  b.server.close();
});
