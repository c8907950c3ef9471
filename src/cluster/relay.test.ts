import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { silentLogger } from '#base';
import { dialThrough, Relay } from './relay.ts';

async function withRelay(body: (path: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-relay-'));
  const stop = new AbortController();
  const path = join(directory, 'relay.sock');
  const relay = new Relay({ path, log: silentLogger });
  const running = relay.run(stop.signal);
  try {
    await relay.ready;
    await body(path);
  } finally {
    stop.abort();
    await running;
    await rm(directory, { recursive: true });
  }
}

test('bytes pass both ways, and one side can end before the other', async () => {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    let all = '';
    socket.on('data', (chunk: Buffer) => (all += String(chunk)));
    socket.on('end', () => socket.end(all.toUpperCase()));
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  try {
    await withRelay(async (path) => {
      const { port } = echo.address() as AddressInfo;
      const socket = await dialThrough(path, '127.0.0.1', port);
      socket.end('hello '.repeat(100_000));
      const echoed = await text(socket);
      assert.deepEqual([echoed.length, echoed.replaceAll('HELLO ', '')], [600_000, '']);
    });
  } finally {
    echo.close();
  }
});

test('a target that cannot be reached is named', async () => {
  await withRelay(async (path) => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    await assert.rejects(dialThrough(path, '127.0.0.1', port), new RegExp(`127\\.0\\.0\\.1:${port}: .*ECONNREFUSED`));
  });
});

test('a dialed connection carries HTTP', async () => {
  const server = createHttpServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await withRelay(async (path) => {
      const { port } = server.address() as AddressInfo;
      const connection = await dialThrough(path, '127.0.0.1', port);
      const [response] = (await once(request({ createConnection: () => connection }).end(), 'response')) as [
        IncomingMessage,
      ];
      assert.equal(await text(response), 'hello');
      connection.destroy();
    });
  } finally {
    server.close();
  }
});
