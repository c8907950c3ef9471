import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isStatusError } from '#machinery';
import { VirtualClock } from '#base';
import { TestPlugin } from './testing/kms-plugin.ts';
import { openSealedStore, Sealed } from './testing/sealed-store.ts';

const key = '/registry/secrets/default/one';
const value = '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"one"},"data":{"a":"YWJj"}}';
const keys = [{ name: 'key1', secret: Buffer.alloc(32, 1).toString('base64') }];

/** What may become of bytes: some of them others, some gone, more of them. */
const damages = fc.oneof(
  fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }).map(({ at, bits }) => (bytes: Buffer) => {
    const damaged = Buffer.from(bytes);
    const index = at % bytes.length;
    damaged[index] = (damaged[index] ?? 0) ^ bits;
    return damaged;
  }),
  fc.nat().map((length) => (bytes: Buffer) => bytes.subarray(0, length % bytes.length)),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => (bytes: Buffer) => Buffer.concat([bytes, more])),
  fc.uint8Array({ maxLength: 200 }).map((other) => () => Buffer.from(other)),
);

test('a damaged value is an InternalError, or no damage: never another value, never a crash', async () => {
  await using sealed = await openSealedStore();
  await using plugin = await new TestPlugin(sealed.directory).start();
  const providers = [plugin.provider, { aesgcm: { keys } }, { secretbox: { keys } }];
  for (const provider of providers) {
    await sealed.configure([{ resources: ['secrets'], providers: [provider] }]);
    const encryption = await sealed.load({ clock: new VirtualClock() });
    await encryption.prime();
    const store = new Sealed(sealed.store, encryption, 'secrets');
    await store.put(key, value);
    const whole = await sealed.raw(key);
    const damaged = fc.asyncProperty(damages, async (damage) => {
      await sealed.put(key, damage(whole));
      try {
        assert.equal(await store.get(key), value);
      } catch (error) {
        assert.ok(isStatusError(error, 'InternalError'), String(error));
      }
    });
    await fc.assert(damaged, { seed: 11, numRuns: 150 });
    const stop = new AbortController();
    stop.abort();
    await encryption.run(stop.signal);
  }
});
