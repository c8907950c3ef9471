import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { silentLogger, systemClock, systemRandom } from '#base';
import { openEmbeddedStore, openEtcdServer } from '#etcd';
import { EmbeddedClient } from './embedded-client.ts';
import { GrpcClient } from './grpc-client.ts';
import { messageIn } from './grpc-connection.ts';
import { keysUnder, type StoreClient } from './store-client.ts';

const key = (n: number): Buffer => Buffer.from(`/bench/${n}`);
const value = Buffer.from('value');

async function storeFolder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-bench-test-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

/** A member that serves gRPC on loopback without TLS, and a client with two connections for calls and two for watches. */
async function served(t: TestContext): Promise<StoreClient> {
  const machine = { clock: systemClock, random: systemRandom, log: silentLogger };
  const member = await openEmbeddedStore({ directory: await storeFolder(t), ...machine });
  const server = await openEtcdServer({ member, ...machine });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = await GrpcClient.open({ url: `http://127.0.0.1:${port}` }, { calls: 2, watches: 2 });
  t.after(async () => {
    await client[Symbol.asyncDispose]();
    await server.close();
    await member.close();
  });
  return client;
}

async function embedded(t: TestContext): Promise<StoreClient> {
  const client = await EmbeddedClient.open(await storeFolder(t));
  t.after(() => client[Symbol.asyncDispose]());
  return client;
}

for (const [name, open] of Object.entries({ 'over gRPC': served, 'in process': embedded })) {
  test(`${name}, the work that is measured is done, and what was not done is no success`, async (t) => {
    const client = await open(t);
    await client.put(key(1), value);
    await client.putAll([key(2), key(3)], value);
    assert.equal(await client.list('/bench/'), 3);
    assert.equal(await client.list('/bench/', 1), 3, 'the number of keys, however many were asked for');
    await client.get(key(1), true);
    await assert.rejects(client.get(key(4), false), /not there/);
    const revision = await client.putIf(key(4), value, 0);
    assert.ok((await client.putIf(key(4), value, revision)) > revision);
    await assert.rejects(client.putIf(key(4), value, revision), /changed/);
    await client.delete('/bench/');
    assert.equal(await client.list('/bench/'), 0);
    await assert.rejects(client.put(Buffer.alloc(0), value), /key is not provided/);
  });

  test(`${name}, each watch is told of every event once it is ready, and of none after it was called off`, async (t) => {
    const client = await open(t);
    const told = [0, 0, 0];
    const heard = Promise.withResolvers<void>();
    const watches = told.map((_, at) =>
      client.watch('/bench/', (events) => {
        told[at] = (told[at] ?? 0) + events;
        if (told.every((count) => count >= 2)) heard.resolve();
      }),
    );
    await Promise.all(watches.map(({ ready }) => ready));
    await client.putAll([key(1), key(2)], value);
    await heard.promise;
    assert.deepEqual(told, [2, 2, 2]);
    for (const { cancel, ended } of watches) {
      cancel();
      await ended;
    }
    await client.put(key(3), value);
    assert.deepEqual(told, [2, 2, 2]);
  });
}

test('an answer is one plain message, or none', () => {
  assert.equal(messageIn(Buffer.from('\0\0\0\0\x03abc', 'latin1')).toString(), 'abc');
  assert.throws(() => messageIn(Buffer.from('\0\0\0\0\x03ab', 'latin1')), /not one plain message/);
  assert.throws(() => messageIn(Buffer.from('\x01\0\0\0\x03abc', 'latin1')), /not one plain message/);
  assert.throws(() => messageIn(Buffer.alloc(0)), /not one plain message/);
});

test('the keys of a prefix end before the next prefix', () => {
  assert.deepEqual(keysUnder('/bench/'), { key: Buffer.from('/bench/'), rangeEnd: Buffer.from('/bench0') });
});
