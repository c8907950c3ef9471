import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { sendStream } from './send-stream.ts';
import { UpgradeError } from './upgrade.ts';

/** A server that sends one stream, and a client of these protocols. */
async function world(t: TestContext, protocols: string[]) {
  const source = new PassThrough();
  const outcome = Promise.withResolvers<unknown>();
  const server = createServer();
  server.on('upgrade', (req, socket, head) => {
    sendStream({ req, socket, head }, source).then(outcome.resolve, outcome.resolve);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, protocols);
  t.after(() => {
    client.terminate();
    server.closeAllConnections();
    server.close();
  });
  const messages: { text: string; isBinary: boolean }[] = [];
  client.on('message', (data: Buffer, isBinary) => messages.push({ text: data.toString(), isBinary }));
  return { source, client, messages, outcome: outcome.promise };
}

for (const protocols of [['binary.k8s.io'], []])
  test(`a stream is sent as it is to a client of ${protocols.join() || 'no protocol'}`, async (t) => {
    const { source, client, messages, outcome } = await world(t, protocols);
    source.write('a line\n');
    await once(client, 'message');
    source.end('the end\n');
    const [code] = await once(client, 'close');
    assert.equal(code, 1000);
    assert.deepEqual(messages[0], { text: '', isBinary: true }, 'says that the stream is there');
    assert.equal(messages.map(({ text }) => text).join(''), 'a line\nthe end\n');
    assert.equal(await outcome, undefined);
  });

test('a client that asks for it is sent base64', async (t) => {
  const { source, client, messages } = await world(t, ['base64.binary.k8s.io']);
  source.end('a line\n');
  await once(client, 'close');
  assert.equal(client.protocol, 'base64.binary.k8s.io');
  assert.deepEqual(messages.at(-1), { text: btoa('a line\n'), isBinary: false });
});

test('a client that goes lets the source go', async (t) => {
  const { source, client, outcome } = await world(t, ['binary.k8s.io']);
  await once(client, 'message');
  client.terminate();
  assert.equal(await outcome, undefined);
  assert.ok(source.destroyed);
});

test('a source that breaks off ends the connection without a word', async (t) => {
  const { source, client, outcome } = await world(t, ['binary.k8s.io']);
  await once(client, 'message');
  source.destroy(new Error('lost'));
  const [code] = await once(client, 'close');
  assert.equal(code, 1006);
  assert.equal(await outcome, undefined);
});

test('a client of other protocols is refused', async (t) => {
  const { source, client, outcome } = await world(t, ['v4.channel.k8s.io']);
  const [error] = await once(client, 'error');
  assert.match(String(error), /403/);
  assert.ok((await outcome) instanceof UpgradeError);
  assert.ok(source.destroyed);
});
