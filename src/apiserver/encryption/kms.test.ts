import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock, VirtualClock } from '#base';
import type { Encryption } from './index.ts';
import { EncryptedServer } from './testing/encrypted-server.ts';
import { TestPlugin } from './testing/kms-plugin.ts';
import { openSealedStore, Sealed, type SealedStore } from './testing/sealed-store.ts';

const key = '/registry/secrets/default/one';
const secrets = '/api/v1/namespaces/default/secrets';

/**
 * Written by the transformers of k8s.io/apiserver v0.36.0: with a seed that `key-1` of a plugin named `vault` sealed as
 * our test plugin seals.
 */
const written =
  'azhzOmVuYzprbXM6djI6dmF1bHQ6Clt+Hxhu4yODGMKex6L5+jsqSbuHmXOVfYza511JtDIQGpjnf/pgF+uLLOybCT0/vCy2d0U/ssGpzPzXNpjPq3cJ18TH/aEaj97JhZ2vpARFxEthWFbChpxU34JuEgVrZXktMRonc2VhbGVkOjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmIiAKGWxvY2FsLWtlay5rbXMuZXhhbXBsZS5jb20SA2tlaygB';

/** Lets what waits for the network go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isWritten(store: Sealed, value: string): Promise<boolean> {
  return store.put(key, value).then(
    () => true,
    () => false,
  );
}

/** An encryption that is in use until it is given back. */
class Running implements AsyncDisposable {
  readonly encryption: Encryption;
  readonly store: Sealed;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(sealed: SealedStore, encryption: Encryption) {
    this.encryption = encryption;
    this.store = new Sealed(sealed.store, encryption, 'secrets');
    this.#ended = encryption.run(this.#stop.signal);
  }

  static async start(sealed: SealedStore, clock = new VirtualClock()): Promise<Running> {
    const encryption = await sealed.load({ clock });
    await encryption.prime();
    return new Running(sealed, encryption);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

test('a plugin seals one seed, and is asked for it once', async () => {
  await using sealed = await openSealedStore();
  await using plugin = await new TestPlugin(sealed.directory).start();
  await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider] }]);
  {
    await using life = await Running.start(sealed);
    for (const at of [1, 2, 3]) await life.store.put(`${key}${at}`, `value ${at}`);
    assert.equal(await life.store.get(`${key}1`), 'value 1');
    assert.deepEqual(plugin.calls.splice(0), ['status', 'encrypt']);
    const raw = await sealed.raw(`${key}1`);
    assert.match(raw.toString('latin1'), /^k8s:enc:kms:v2:vault:\n/);
    assert.equal(raw.includes('value 1'), false);
  }
  await using life = await Running.start(sealed);
  for (const at of [1, 2, 3]) assert.equal(await life.store.get(`${key}${at}`), `value ${at}`);
  assert.deepEqual(plugin.calls, ['status', 'encrypt', 'decrypt key-1']);
  await sealed.put(`${key}9`, await sealed.raw(`${key}1`));
  await assert.rejects(life.store.get(`${key}9`), /cipher: message authentication failed/);
});

test('what kube-apiserver wrote is read', async () => {
  await using sealed = await openSealedStore();
  await using plugin = await new TestPlugin(sealed.directory).start();
  plugin.prefix = 'sealed:';
  await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider] }]);
  await using life = await Running.start(sealed);
  await sealed.put(key, Buffer.from(written, 'base64'));
  assert.equal(await life.store.get(key), '{"kind":"Secret","from":"seed"}');
  assert.equal(await life.store.isStale(key), false);
});

test('a new key of the plugin writes within a minute, and what the old one sealed is stale', async () => {
  await using sealed = await openSealedStore();
  await using plugin = await new TestPlugin(sealed.directory).start();
  await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider] }]);
  const clock = new VirtualClock();
  await using life = await Running.start(sealed, clock);
  await life.store.put(key, 'value');
  plugin.keyId = 'key-2';
  assert.equal(await life.store.isStale(key), false);
  const called = plugin.nextCall('encrypt');
  await clock.advance(60_000);
  await called;
  while (!(await life.store.isStale(key))) await turn();
  assert.equal(await life.store.get(key), 'value');
  await life.store.put(key, 'value');
  assert.equal(await life.store.isStale(key), false);
  assert.ok((await sealed.raw(key)).includes('key-2'));
});

test('while the plugin is away what is known is read, and written for three minutes', async () => {
  await using sealed = await openSealedStore();
  await using plugin = await new TestPlugin(sealed.directory).start();
  await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider] }]);
  const clock = new VirtualClock();
  await using life = await Running.start(sealed, clock);
  await life.store.put(key, 'value');
  await plugin.stop();
  await clock.advance(170_000);
  await life.store.put(key, 'later');
  await clock.advance(20_000);
  await assert.rejects(life.store.put(key, 'too late'), {
    message:
      /^Internal error occurred: encryptedDEKSource with keyID hash "sha256:[0-9a-f]{64}" expired at 2026-01-01T00:03:00Z \(current time is 2026-01-01T00:03:10Z\)$/,
  });
  assert.equal(await life.store.get(key), 'later');
  await plugin.start();
  while (!(await isWritten(life.store, 'again'))) {
    await clock.advance(1_000);
    await systemClock.sleep(20); // the connection comes back in its own time
  }
  assert.equal(await life.store.get(key), 'again');
});

test('a plugin that is ill, or says what must not be, is told', async () => {
  const ill: [change: (plugin: TestPlugin) => void, says: RegExp][] = [
    [(plugin) => (plugin.healthz = 'hsm is gone'), /^got unexpected healthz status: hsm is gone$/],
    [(plugin) => (plugin.version = 'v3'), /^expected KMSv2 API version v2, got v3$/],
    [(plugin) => (plugin.keyId = ''), /^got invalid KMSv2 KeyID hash "": keyID is empty$/],
    [
      (plugin) => (plugin.keyId = 'x'.repeat(1025)),
      /^got invalid KMSv2 KeyID hash "sha256:\w+": keyID is 1025 bytes, which exceeds the max size of 1024$/,
    ],
    [
      (plugin) => (plugin.encryptKeyId = 'other'),
      /^failed to rotate DEK uid="[^"]+", useSeed=true, errState=got unexpected nil transformer, errGen=<nil>, statusKeyIDHash="sha256:\w+", encryptKeyIDHash="sha256:\w+", stateKeyIDHash="", expirationTimestamp=0001-01-01T00:00:00Z$/,
    ],
    [
      (plugin) => (plugin.annotations = { simple: Buffer.of(1) }),
      /errGen=failed to validate annotations: annotations: Invalid value: "simple": should be a domain with at least two segments separated by dots,/,
    ],
    [
      (plugin) => (plugin.annotations = { 'a.b': Buffer.alloc(32 * 1024) }),
      /errGen=failed to validate annotations: total size of annotations is 32771, which exceeds the max size of 32768,/,
    ],
    [
      (plugin) => (plugin.prefix = 'x'.repeat(1000)),
      /errGen=failed to validate encrypted DEK source: encrypted DEK source is 1032 bytes, which exceeds the max size of 1024,/,
    ],
  ];
  for (const [change, says] of ill) {
    await using sealed = await openSealedStore();
    await using plugin = await new TestPlugin(sealed.directory).start();
    await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider] }]);
    change(plugin);
    await using life = await Running.start(sealed);
    const head = 'kms-provider-0: kmsv2 Provider vault is not healthy, error: ';
    await assert.rejects(life.encryption.check(), (error: Error) => {
      assert.equal(error.message.slice(0, head.length), head);
      assert.match(error.message.slice(head.length), says);
      return true;
    });
  }
});

test('the API over a plugin: its health, its errors, and its key as it changes', async () => {
  await using sealed = await openSealedStore();
  await using plugin = await new TestPlugin(sealed.directory).start();
  await sealed.configure([{ resources: ['secrets'], providers: [plugin.provider, { identity: {} }] }]);
  {
    await using life = await EncryptedServer.start(sealed, await sealed.load());
    const { admin } = life;
    assert.equal((await admin.post(secrets, { metadata: { name: 'one' }, data: { a: 'YQ==' } })).status, 201);
    assert.match((await sealed.raw(key)).toString('latin1'), /^k8s:enc:kms:v2:vault:/);
    assert.equal((await admin.get('/healthz/kms-providers')).text, 'ok');
    assert.match((await admin.get('/readyz?verbose')).text, /\[\+\]kms-providers ok\n/);
    assert.equal((await admin.get('/livez/kms-providers')).status, 404);
    const metrics = (await admin.get('/metrics')).text.replaceAll(/sha256:[0-9a-f]{64}/g, 'HASH');
    const ofKey = 'provider_name="vault",key_id_hash="HASH",apiserver_id_hash=""';
    for (const line of [
      `apiserver_envelope_encryption_key_id_hash_total{transformation_type="to_storage",${ofKey}} 1\n`,
      `apiserver_envelope_encryption_key_id_hash_status_last_timestamp_seconds{${ofKey}} `,
      'apiserver_envelope_encryption_kms_operations_latency_seconds_count{provider_name="vault",method_name="/v2.KeyManagementService/Status",grpc_status_code="OK"} 1\n',
      'apiserver_envelope_encryption_dek_source_cache_size{provider_name="vault"} 1\n',
      'apiserver_encryption_config_controller_last_config_info{apiserver_id_hash="",hash="HASH"} 1\n',
      'apiserver_storage_transformation_operations_total{resource="secrets",transformation_type="to_storage",transformer_prefix="k8s:enc:kms:v2:vault:",status="OK"} 1\n',
      'apiserver_storage_data_key_generation_duration_seconds_count{} 1\n',
    ]) {
      assert.ok(metrics.includes(line), `${line} is in\n${metrics}`);
    }
  }
  await plugin.stop();
  {
    await using life = await EncryptedServer.start(sealed, await sealed.load());
    const { admin } = life;
    const refused = await admin.post(secrets, { metadata: { name: 'two' } });
    assert.equal(refused.json.message, 'Internal error occurred: got unexpected nil transformer');
    assert.equal(
      (await admin.get(`${secrets}/one`)).json.message,
      'Internal error occurred: got unexpected nil transformer',
    );
    const health = await admin.get('/healthz/kms-providers');
    assert.equal(health.status, 500);
    assert.match(
      health.text,
      /^internal server error: kms-provider-0: failed to perform status section of the healthz check for KMS Provider vault, error: rpc error: code = DeadlineExceeded desc = context deadline exceeded/,
    );
    assert.equal((await admin.post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' } })).status, 201);
    await plugin.start();
    while ((await admin.get('/healthz/kms-providers')).status !== 200);
    while ((await admin.get(secrets)).status !== 200);
    assert.equal((await admin.get(`${secrets}/one`)).json.data.a, 'YQ==');
  }
});
