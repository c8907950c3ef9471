import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex, Readable } from 'node:stream';
import { after, test } from 'node:test';
import { WebSocket } from 'ws';
import { startExecServer } from '../testing/exec-server.ts';
import { dialSpdy } from './dial.ts';
import { dialPortForward } from './dial-port-forward.ts';
import { portOf } from './port-forward.ts';

const server = await startExecServer();
after(() => server.close());
const target = { url: `${server.url}/portForward` };

async function read(stream: Readable | Duplex): Promise<string> {
  let all = '';
  stream.on('data', (chunk: Buffer) => (all += chunk.toString('latin1')));
  if (!stream.readableEnded) await once(stream, 'end');
  return all;
}

test('many connections at once, each with its bytes', async () => {
  const forward = await dialPortForward(target);
  const connections = Array.from({ length: 50 }, async (_, i) => {
    const { data, error } = forward.open(8080 + i);
    const message = read(error);
    const sent = `${i}:`.repeat(20_000);
    const received = read(data);
    data.end(sent);
    assert.equal(await received, sent);
    assert.equal(await message, '');
  });
  await Promise.all(connections);
  forward.close();
  await forward.closed;
});

test('a port that cannot be reached says so', async () => {
  const forward = await dialPortForward(target);
  const { data, error } = forward.open(1);
  assert.equal(await read(error), 'cannot reach port 1');
  assert.equal(await read(data), '');
  forward.close();
});

test('streams without a port, a type or a partner are refused', async () => {
  const { connection } = await dialSpdy(target, ['portforward.k8s.io']);
  const wrong: Record<string, string>[] = [
    { streamtype: 'data' },
    { streamtype: 'data', port: '0' },
    { streamtype: 'x', port: '1' },
  ];
  for (const headers of wrong) {
    const stream = connection.createStream(headers);
    assert.equal(await read(stream), '');
  }
  const first = connection.createStream({ streamtype: 'error', port: '80', requestid: '7' });
  const second = connection.createStream({ streamtype: 'error', port: '80', requestid: '7' });
  assert.equal(await read(second), '');
  first.destroy();
  connection.close();
  await connection.closed;
});

test('clients that number no requests are paired by stream', async () => {
  const { connection } = await dialSpdy(target, ['portforward.k8s.io']);
  connection.createStream({ streamtype: 'error', port: '80' }).end();
  const data = connection.createStream({ streamtype: 'data', port: '80' });
  const received = read(data);
  data.end('hello');
  assert.equal(await received, 'hello');
  connection.close();
});

test('the old WebSocket form: two channels for each port', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/portForward?ports=8080,1`, ['v4.channel.k8s.io']);
  const channels = new Map<number, string>();
  let seen = Promise.withResolvers<void>();
  socket.on('message', (message: Buffer) => {
    const channel = message.readUInt8(0);
    channels.set(channel, (channels.get(channel) ?? '') + message.toString('latin1', 1));
    seen.resolve();
  });
  await once(socket, 'open');
  socket.send(Buffer.from('\x00hello'));
  while (channels.get(0)?.length !== 7 || (channels.get(3)?.length ?? 0) < 3) {
    await seen.promise;
    seen = Promise.withResolvers();
  }
  assert.equal(channels.get(0), '\x90\x1fhello');
  assert.equal(channels.get(1), '\x90\x1f');
  assert.equal(channels.get(3), '\x01\x00cannot reach port 1');
  socket.close();
  await once(socket, 'close');
});

test('a WebSocket that names no port is refused', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/portForward`, ['v4.channel.k8s.io']);
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /400/);
});

test('ports are decimal and below 65536', () => {
  assert.deepEqual(
    ['80', '0', '65535', '65536', '-1', '8e1', '', '0x50', '080'].map((text) => portOf(text)),
    [80, undefined, 65535, undefined, undefined, undefined, undefined, undefined, 80],
  );
});
