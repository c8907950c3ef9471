import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EncryptedServer } from './testing/encrypted-server.ts';
import { openSealedStore, type SealedStore } from './testing/sealed-store.ts';

const one = Buffer.alloc(32, 1).toString('base64');
const two = Buffer.alloc(32, 2).toString('base64');
const secrets = '/api/v1/namespaces/default/secrets';
const key = (name: string): string => `/registry/secrets/default/${name}`;
const password = Buffer.from('correct horse').toString('base64');
const secret = (name: string): object => ({ metadata: { name }, stringData: { password: 'correct horse' } });

function rules(provider: string, ...keys: [name: string, secret: string][]): object[] {
  const given = keys.map(([name, value]) => ({ name, secret: value }));
  return [{ resources: ['secrets'], providers: [{ [provider]: { keys: given } }, { identity: {} }] }];
}

async function startWith(sealed: SealedStore, resources: object[]): Promise<EncryptedServer> {
  await sealed.configure(resources);
  return EncryptedServer.start(sealed, await sealed.load());
}

test('every verb works on sealed objects, and none of them can be read in the store', async () => {
  for (const provider of ['aescbc', 'aesgcm', 'secretbox']) {
    await using sealed = await openSealedStore();
    await using life = await startWith(sealed, rules(provider, ['key1', one]));
    const { admin } = life;
    assert.equal((await admin.post(secrets, secret('a'))).status, 201);
    await admin.post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' }, data: { password: 'plain' } });
    const raw = await sealed.raw(key('a'));
    assert.match(raw.toString('latin1'), new RegExp(`^k8s:enc:${provider}:v1:key1:`));
    assert.equal(raw.includes(password), false);
    assert.match((await sealed.raw('/registry/configmaps/default/a')).toString(), /^\{"apiVersion"/);

    const { json } = await admin.get(`${secrets}/a`);
    assert.equal(json.data.password, password);
    const unchanged = await admin.ask(`${secrets}/a`, { method: 'PUT', body: json });
    assert.equal(unchanged.json.metadata.resourceVersion, json.metadata.resourceVersion);
    assert.deepEqual(await sealed.raw(key('a')), raw);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patched = await admin.ask(`${secrets}/a`, { method: 'PATCH', headers, body: { data: { more: password } } });
    assert.deepEqual(patched.json.data, { password, more: password });
    const list = await admin.get(secrets);
    assert.deepEqual(
      list.json.items.map((item: { data: object }) => item.data),
      [{ password, more: password }],
    );
    const { resourceVersion } = json.metadata;
    await admin.ask(`${secrets}/a`, { method: 'DELETE' });
    const told: string[] = [];
    for await (const line of admin.lines(`${secrets}?watch=true&resourceVersion=${resourceVersion}`)) {
      const { type, object } = JSON.parse(line);
      assert.deepEqual(object.data, { password, more: password });
      if (told.push(type) === 2) break;
    }
    assert.deepEqual(told, ['MODIFIED', 'DELETED']);
    assert.equal((await admin.get(`${secrets}/a`)).status, 404);
  }
});

test('an update that changes nothing seals with the new key, and with none when that comes first', async () => {
  await using sealed = await openSealedStore();
  {
    await using life = await EncryptedServer.start(sealed, undefined);
    await life.admin.post(secrets, secret('a'));
  }
  assert.match((await sealed.raw(key('a'))).toString(), /correct|apiVersion/);
  const steps: [object[], RegExp][] = [
    [rules('aesgcm', ['key1', one]), /^k8s:enc:aesgcm:v1:key1:/],
    [rules('aesgcm', ['key2', two], ['key1', one]), /^k8s:enc:aesgcm:v1:key2:/],
    [[{ resources: ['secrets'], providers: [{ identity: {} }, ...providersOf('aesgcm', ['key2', two])] }], /^\{/],
  ];
  for (const [resources, written] of steps) {
    await using life = await startWith(sealed, resources);
    const { json } = await life.admin.get(`${secrets}/a`);
    assert.equal(json.data.password, password);
    assert.doesNotMatch((await sealed.raw(key('a'))).toString('latin1'), written);
    const dry = await life.admin.ask(`${secrets}/a?dryRun=All`, { method: 'PUT', body: json });
    assert.equal(dry.json.metadata.resourceVersion, json.metadata.resourceVersion);
    const replaced = await life.admin.ask(`${secrets}/a`, { method: 'PUT', body: json });
    assert.notEqual(replaced.json.metadata.resourceVersion, json.metadata.resourceVersion);
    assert.match((await sealed.raw(key('a'))).toString('latin1'), written);
    const again = await life.admin.ask(`${secrets}/a`, { method: 'PUT', body: replaced.json });
    assert.equal(again.json.metadata.resourceVersion, replaced.json.metadata.resourceVersion);
  }
});

function providersOf(provider: string, ...keys: [name: string, secret: string][]): object[] {
  return [{ [provider]: { keys: keys.map(([name, value]) => ({ name, secret: value })) } }];
}

test('what cannot be opened is told, harms nothing else, and heals when it can', async () => {
  await using sealed = await openSealedStore();
  {
    await using life = await startWith(sealed, rules('aesgcm', ['key1', one]));
    await life.admin.post(secrets, secret('sealed'));
    await life.admin.post('/api/v1/namespaces', { metadata: { name: 'other' } });
  }
  const why = 'identity transformer tried to read encrypted data';
  {
    await using life = await EncryptedServer.start(sealed, undefined);
    const { admin } = life;
    const internal = (message: string): object => ({ code: 500, reason: 'InternalError', message });
    const told = ({ json: { code, reason, message } }: { json: Record<string, unknown> }): object => ({
      code,
      reason,
      message,
    });
    const one = internal(`Internal error occurred: ${why}`);
    const all = internal(`Internal error occurred: unable to transform key "${key('sealed')}": ${why}`);
    assert.deepEqual(told(await admin.get(`${secrets}/sealed`)), one);
    assert.deepEqual(told(await admin.get(secrets)), all);
    assert.deepEqual(told(await admin.get('/api/v1/secrets?resourceVersion=0')), all);
    assert.deepEqual(told(await admin.ask(`${secrets}/sealed`, { method: 'DELETE' })), one);
    assert.deepEqual(told(await admin.ask(`${secrets}/sealed`, { method: 'PUT', body: secret('sealed') })), one);
    const watch = await admin.get(`${secrets}?watch=true&timeoutSeconds=1`);
    assert.equal(watch.json.code, 429, watch.text);
    assert.match(watch.json.message, /^storage is \(re\)initializing: /);

    const elsewhere = '/api/v1/namespaces/other/secrets';
    assert.equal((await admin.post(elsewhere, secret('fine'))).status, 201);
    assert.equal((await admin.get(`${elsewhere}/fine`)).status, 200);
    assert.equal((await admin.get(elsewhere)).json.items.length, 1);
    assert.equal((await admin.ask(`${elsewhere}/fine`, { method: 'DELETE' })).status, 200);
    assert.equal((await admin.get('/api/v1/namespaces/default/configmaps')).status, 200);
  }
  await using life = await startWith(sealed, rules('aesgcm', ['key1', one]));
  assert.equal((await life.admin.get(`${secrets}/sealed`)).json.data.password, password);
});

test('an object that another server seals with a key that is not here ends watches, and is told', async () => {
  await using sealed = await openSealedStore();
  {
    await using life = await startWith(sealed, rules('aesgcm', ['key2', two]));
    await life.admin.post(secrets, secret('foreign'));
  }
  const foreign = await sealed.raw(key('foreign'));
  await sealed.store.deleteRange({ key: Buffer.from(key('foreign')) });
  await using life = await startWith(sealed, rules('aesgcm', ['key1', one]));
  const { admin } = life;
  await admin.post(secrets, secret('own'));
  const lines = admin.lines(`${secrets}?watch=true`);
  assert.match(String((await lines.next()).value), /"ADDED"/, 'the watch has begun');
  const ended = lines.next();
  await sealed.put(key('foreign'), foreign);
  assert.deepEqual(await ended, { value: undefined, done: true });
  const { json } = await admin.get(secrets);
  assert.equal(json.code, 500);
  assert.match(
    json.message,
    /unable to transform key "\/registry\/secrets\/default\/foreign": no matching key was found/,
  );
  assert.equal((await admin.get(`${secrets}/own`)).status, 200);
  await sealed.store.deleteRange({ key: Buffer.from(key('foreign')) });
  for (;;) {
    const answer = await admin.get(`${secrets}?watch=true&timeoutSeconds=1`);
    if (answer.status === 200) break; // it has been read again
    assert.equal(answer.status, 429);
  }
});

test('a server that cannot read what it needs itself does not start, and says why', async () => {
  await using sealed = await openSealedStore();
  const everything = (secretOf: string): object[] => [
    { resources: ['*.*'], providers: providersOf('aesgcm', ['key1', secretOf]) },
  ];
  {
    await using life = await startWith(sealed, everything(one));
    assert.match((await sealed.raw('/registry/namespaces/default')).toString('latin1'), /^k8s:enc:aesgcm:v1:key1:/);
    assert.match((await sealed.raw('/registry/services/specs/default/kubernetes')).toString('latin1'), /^k8s:enc:/);
    assert.equal((await life.admin.get('/api/v1/namespaces/default/services/kubernetes')).status, 200);
  }
  await assert.rejects(startWith(sealed, everything(two)), /unable to transform key|message authentication failed/);
  await using life = await startWith(sealed, everything(one));
  assert.equal((await life.admin.get('/api/v1/namespaces/default/services/kubernetes')).status, 200);
});

test('history that was sealed with a key that is gone is over: a watch from then is told to list again', async () => {
  await using sealed = await openSealedStore();
  let start = '';
  {
    await using life = await startWith(sealed, rules('aesgcm', ['key1', one]));
    start = (await life.admin.get(secrets)).json.metadata.resourceVersion;
    await life.admin.post(secrets, secret('a'));
  }
  {
    await using life = await startWith(sealed, rules('aesgcm', ['key2', two], ['key1', one]));
    const { json } = await life.admin.get(`${secrets}/a`);
    assert.equal((await life.admin.ask(`${secrets}/a`, { method: 'PUT', body: json })).status, 200);
  }
  await using life = await startWith(sealed, rules('aesgcm', ['key2', two]));
  const { json } = await life.admin.get(`${secrets}?watch=true&timeoutSeconds=5&resourceVersion=${start}`);
  assert.deepEqual([json.type, json.object.reason, json.object.code], ['ERROR', 'Expired', 410]);
  assert.equal((await life.admin.get(secrets)).json.items.length, 1);
});

/** Written by the serializer of k8s.io/apimachinery v0.36.0: a Secret, and the range of node ports, of which two are taken. */
const inProtobuf = {
  secret:
    'azhzAAoMCgJ2MRIGU2VjcmV0EnEKTgoDb25lEgAaB2RlZmF1bHQiACokNmYxYzFiMGUtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAxMgA4AEIICIDy1soGEABaBgoBYRIBYhIVCghwYXNzd29yZBIJc3dvcmRmaXNoGgZPcGFxdWUoARoAIgA=',
  ports: 'azhzAAoVCgJ2MRIPUmFuZ2VBbGxvY2F0aW9uEiIKEAoAEgAaACIAKgAyADgAQgASCzMwMDAwLTMyNzY3GgEDGgAiAA==',
};

test('what kube-apiserver wrote in protobuf is read, sealed or not', async () => {
  for (const resources of [rules('aesgcm', ['key1', one]), undefined]) {
    await using sealed = await openSealedStore();
    if (resources) await sealed.configure(resources);
    const encryption = resources && (await sealed.load());
    const rule = encryption?.rules.of({ group: '', plural: 'secrets' });
    const plain = Buffer.from(inProtobuf.secret, 'base64');
    const at = Buffer.from(key('one'));
    await sealed.put(key('one'), rule ? await rule.toStorage(plain, at) : plain);
    await sealed.put('/registry/ranges/servicenodeports', Buffer.from(inProtobuf.ports, 'base64'));
    await using life = await EncryptedServer.start(sealed, encryption);
    const { json } = await life.admin.get(`${secrets}/one`);
    assert.deepEqual(json.data, { password: Buffer.from('swordfish').toString('base64') });
    assert.deepEqual([json.immutable, json.type, json.metadata.labels], [true, 'Opaque', { a: 'b' }]);
    assert.equal((await life.admin.get(`${secrets}?labelSelector=a=b`)).json.items.length, 1);
    const headers = { 'content-type': 'application/merge-patch+json' };
    await life.admin.ask(`${secrets}/one`, { method: 'PATCH', headers, body: { metadata: { labels: { a: 'c' } } } });
    assert.equal((await life.admin.get(`${secrets}/one`)).json.metadata.labels.a, 'c');
  }
});
