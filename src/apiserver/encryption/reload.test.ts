import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import type { Encryption } from './index.ts';
import { TestPlugin } from './testing/kms-plugin.ts';
import { openSealedStore, Sealed, type SealedStore } from './testing/sealed-store.ts';

const key = '/registry/secrets/default/one';

function rules(...keys: [name: string, byte: number][]): object[] {
  const given = keys.map(([name, byte]) => ({ name, secret: Buffer.alloc(32, byte).toString('base64') }));
  return [{ resources: ['secrets'], providers: [{ aesgcm: { keys: given } }] }];
}

/** An encryption that follows its file, in a time that a test moves. */
class Following implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly encryption: Encryption;
  readonly store: Sealed;
  readonly #sealed: SealedStore;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  private constructor(sealed: SealedStore, encryption: Encryption, clock: VirtualClock) {
    this.clock = clock;
    this.encryption = encryption;
    this.store = new Sealed(sealed.store, encryption, 'secrets');
    this.#sealed = sealed;
    this.#ended = encryption.run(this.#stop.signal);
  }

  static async start(sealed: SealedStore): Promise<Following> {
    const clock = new VirtualClock();
    return new Following(sealed, await sealed.load({ automaticReload: true, clock }), clock);
  }

  /** Waits until what is written begins so; returns the seconds that it took. */
  async writes(head: string): Promise<number> {
    for (let seconds = 0; ; seconds++) {
      await this.store.put(key, 'value');
      if ((await this.#sealed.raw(key)).toString('latin1').startsWith(head)) return seconds;
      await this.clock.advance(1_000);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

test('a file that changes holds within a minute, without a restart', async () => {
  await using sealed = await openSealedStore();
  await sealed.configure(rules(['a', 1]));
  await using life = await Following.start(sealed);
  await life.writes('k8s:enc:aesgcm:v1:a:');
  await sealed.configure(rules(['b', 2], ['a', 1]));
  assert.equal(await life.store.isStale(key), false);
  assert.ok((await life.writes('k8s:enc:aesgcm:v1:b:')) >= 59);
  const counted =
    /^apiserver_encryption_config_controller_automatic_reloads_total\{status="success",apiserver_id_hash=""\} 1$/m;
  assert.match(life.encryption.metrics.text(), counted);
  await sealed.configure([{ resources: ['configmaps'], providers: [{ identity: {} }] }]);
  await life.writes('value');
});

test('a file that is wrong changes nothing, until it is right', async () => {
  await using sealed = await openSealedStore();
  await sealed.configure(rules(['a', 1]));
  await using life = await Following.start(sealed);
  for (const wrong of ['', 'kind: Foo', '{}']) {
    await writeFile(sealed.configPath, wrong);
    for (let minutes = 0; minutes < 3; minutes++) {
      await life.clock.advance(60_000);
      assert.equal(await life.writes('k8s:enc:aesgcm:v1:a:'), 0);
    }
  }
  await sealed.configure(rules(['b', 2]));
  await life.writes('k8s:enc:aesgcm:v1:b:');
});

test('a plugin takes over when it is well, and what it replaces is let go', async () => {
  await using sealed = await openSealedStore();
  await sealed.configure(rules(['a', 1]));
  await using life = await Following.start(sealed);
  assert.equal(life.encryption.hasHealth, true);
  await life.encryption.check();
  await using plugin = await new TestPlugin(sealed.directory).start();
  plugin.healthz = 'not yet';
  await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider] }]);
  const asked = plugin.nextCall('status');
  while (plugin.calls.length === 0) await life.clock.advance(1_000);
  await asked;
  assert.equal(await life.writes('k8s:enc:aesgcm:v1:a:'), 0);
  plugin.healthz = 'ok';
  await life.writes('k8s:enc:kms:v2:vault:');
  await sealed.configure(rules(['a', 1]));
  await life.writes('k8s:enc:aesgcm:v1:a:');
});
