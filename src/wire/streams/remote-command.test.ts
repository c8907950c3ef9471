import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as net from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { VirtualClock } from '#base';
import { WebSocket } from 'ws';
import { serveUpgrade, startExecServer } from '../testing/exec-server.ts';
import { dialSpdy } from './dial.ts';
import { dialRemoteCommand, type DialRemoteCommand } from './dial-remote-command.ts';
import { acceptRemoteCommand } from './remote-command.ts';
import { UpgradeError } from './upgrade.ts';

const server = await startExecServer();
after(() => server.close());

const ways: Pick<DialRemoteCommand, 'transport' | 'protocols'>[] = [
  { transport: 'websocket', protocols: ['v5.channel.k8s.io'] },
  { transport: 'websocket', protocols: ['v5.base64.channel.k8s.io'] },
  { transport: 'websocket', protocols: ['v4.channel.k8s.io'] },
  { transport: 'websocket', protocols: ['v4.base64.channel.k8s.io'] },
  { transport: 'spdy', protocols: ['v5.channel.k8s.io'] },
  { transport: 'spdy', protocols: ['v4.channel.k8s.io'] },
  { transport: 'spdy', protocols: ['v3.channel.k8s.io'] },
  { transport: 'spdy', protocols: ['v2.channel.k8s.io'] },
];

function exec(command: string[], options: Partial<DialRemoteCommand>) {
  const url = new URL('/exec', server.url);
  for (const word of command) url.searchParams.append('command', word);
  for (const name of ['stdin', 'stdout', 'stderr', 'tty'] as const) {
    if (options[name]) url.searchParams.set(name, 'true');
  }
  return dialRemoteCommand({ url, ...options });
}

for (const way of ways) {
  const name = `${way.transport} ${way.protocols?.join()}`;

  test(`${name}: output and success`, async () => {
    const command = await exec(['count', '3000000'], { ...way, stdout: true, stderr: true });
    assert.equal(command.protocol, way.protocols?.[0]);
    assert.equal((await buffer(command.stdout!)).length, 3_000_000);
    assert.equal((await command.status)?.status, 'Success');
    command.close();
    await command.closed;
  });

  test(`${name}: stderr and exit code`, async () => {
    const failing = await exec(['exit', '7'], { ...way, stdout: true });
    const status = await failing.status;
    assert.equal(status?.status, 'Failure');
    assert.match(status?.message ?? '', /exit status 7/);
    failing.close();
    const writing = await exec(['stderr'], { ...way, stdout: true, stderr: true });
    assert.equal(await text(writing.stderr!), 'to stderr');
    writing.close();
    await Promise.all([writing.closed, failing.closed]);
  });

  if (!/v4|base64/.test(name) || way.transport === 'spdy') {
    test(`${name}: input to its end`, async () => {
      const command = await exec(['cat'], { ...way, stdin: true, stdout: true });
      const big = Buffer.alloc(3_000_000, '0123456789');
      command.stdin?.end(big);
      assert.deepEqual(await buffer(command.stdout!), big);
      assert.equal((await command.status)?.status, 'Success');
      command.close();
      await command.closed;
    });
  }

  if (!name.includes('v2')) {
    test(`${name}: the terminal's size`, async () => {
      const command = await exec(['sizes', '2'], { ...way, stdin: true, stdout: true, tty: true });
      command.resize({ Width: 80, Height: 24 });
      command.resize({ Width: 132, Height: 50 });
      const seen: unknown = JSON.parse(await text(command.stdout!));
      assert.deepEqual(seen, [
        { Width: 80, Height: 24 },
        { Width: 132, Height: 50 },
      ]);
      command.close();
      await command.closed;
    });
  }
}

test('a client that vanishes ends the streams, and leaves nothing open', async () => {
  for (const transport of ['websocket', 'spdy'] as const) {
    const command = await exec(['hang'], { transport, stdin: true, stdout: true });
    assert.equal(server.open.size, 1);
    command.close();
    await command.closed;
    while (server.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }
});

test('a client that is killed in the middle of a large output is no error', async () => {
  for (const transport of ['websocket', 'spdy'] as const) {
    let socket: net.Socket | undefined;
    const connect = (): net.Socket => (socket = net.connect({ port: server.port, host: '127.0.0.1' }));
    const command = await exec(['count', '50000000'], { transport, stdout: true, connect });
    await once(command.stdout!, 'readable');
    socket?.resetAndDestroy();
    await command.closed;
    while (server.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }
});

test('no protocol in common is refused in words', async () => {
  await assert.rejects(
    exec(['cat'], { transport: 'spdy', protocols: ['v9.channel.k8s.io'], stdout: true }),
    (error) => error instanceof UpgradeError && error.status === 403 && /client supports \[v9/.test(error.message),
  );
  await assert.rejects(
    exec(['cat'], { transport: 'websocket', protocols: ['v9.channel.k8s.io'], stdout: true }),
    (error) => error instanceof UpgradeError && error.status === 403,
  );
  await assert.rejects(dialSpdy({ url: `${server.url}/exec?stdout=true` }, []), /is required|Invalid/);
});

test('a WebSocket without a protocol is served in the oldest', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/exec?command=exit&command=3&stdout=true`);
  const messages: Buffer[] = [];
  socket.on('message', (data) => messages.push(data as Buffer));
  await once(socket, 'close');
  assert.equal(messages.at(-1)?.toString(), '\x03command terminated with non-zero exit code: exit status 3');
});

test('a client that does not open its streams is given up', async () => {
  const clock = new VirtualClock();
  const failure = Promise.withResolvers<unknown>();
  const slow = await startExecServer({
    upgrade: async (req, socket, head) => {
      const options = { stdin: true, stdout: true, stderr: false, tty: false, clock };
      const accepted = acceptRemoteCommand(req, socket, head, options);
      accepted.catch((error: unknown) => failure.resolve(error));
      await clock.advance(60_000);
    },
  });
  const { connection } = await dialSpdy({ url: slow.url }, ['v4.channel.k8s.io']);
  assert.match(String(await failure.promise), /timed out/);
  await connection.closed;
  await slow.close();
});

test('garbage after the upgrade is survived', async () => {
  for (const upgrade of ['SPDY/3.1', 'websocket']) {
    const socket = net.connect({ port: server.port, host: '127.0.0.1' });
    socket.write(
      `GET /exec?command=hang&stdin=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n` +
        `X-Stream-Protocol-Version: v4.channel.k8s.io\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n${'\xff'.repeat(500)}`,
      'latin1',
    );
    socket.resume();
    await once(socket, 'close');
  }
  while (server.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('a request that is no upgrade to anything known is refused', async () => {
  const socket = net.connect({ port: server.port, host: '127.0.0.1' });
  socket.end('GET /exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1.1 400 /);
  assert.equal(typeof serveUpgrade, 'function');
});
