import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { silentLogger } from '#base';
import { Front } from './front.ts';

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
    socket.on('data', (chunk) => (said += String(chunk)));
    socket.on('end', () => socket.end(`${name}: ${said}`));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { server, target: { host, port: (server.address() as AddressInfo).port } };
}

async function frontOf(targets: { host: string; port: number }[]) {
  const front = new Front({ listen: [{ host, port: 0 }], targets, log: silentLogger });
  running.push(front.run(stop.signal));
  const [port = 0] = await front.ready;
  return async (said: string): Promise<string> => {
    const socket = connect(port, host);
    socket.end(said);
    return text(socket);
  };
}

test('connections go to one server after another, and past those that are gone', async () => {
  const [a, b] = [await named('a'), await named('b')];
  const ask = await frontOf([a.target, b.target]);
  assert.deepEqual([await ask('1'), await ask('2'), await ask('3')], ['a: 1', 'b: 2', 'a: 3']);
  a.server.close();
  assert.deepEqual([await ask('4'), await ask('5')], ['b: 4', 'b: 5']);
  b.server.close();
  await assert.rejects(
    ask('6').then((answer) => assert.notEqual(answer, '')),
    'nobody is there',
  );
});
