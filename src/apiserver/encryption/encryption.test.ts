import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openSealedStore, Sealed } from './testing/sealed-store.ts';

/** 32 and 16 bytes. */
const long = 'c2VjcmV0IGlzIHNlY3VyZSwgb3IgaXMgaXQgbm90PyE=';
const short = 'c2VjcmV0IGlzIHNlY3VyZQ==';
const other = Buffer.alloc(32, 7).toString('base64');

const key = '/registry/secrets/default/one';

interface Written {
  provider: string;
  secret: string;
  key: string;
  text: string;
  value: string;
}

/** Written by the transformers of k8s.io/apiserver v0.36.0, under the key `key1`. */
const written: Written[] = [
  {
    provider: 'aescbc',
    secret: long,
    key,
    text: '{"kind":"Secret","x":"ü"}',
    value: 'azhzOmVuYzphZXNjYmM6djE6a2V5MToWKW2khB1zbvNy4xes/lC5V7UuYGgTg45MzBMAxK39EaR+ACGP+cD+VD+aeO7JIR0=',
  },
  {
    provider: 'aescbc',
    secret: long,
    key,
    text: '0123456789abcdef',
    value: 'azhzOmVuYzphZXNjYmM6djE6a2V5MTptRn2nuE0qekqs8MAbu4ZQz+uklF1wqNEFExpe9diXtntBh1FK+CTxrXNV2GHTADk=',
  },
  {
    provider: 'aesgcm',
    secret: short,
    key: '/registry/configmaps/default/one',
    text: '{"kind":"ConfigMap"}',
    value: 'azhzOmVuYzphZXNnY206djE6a2V5MToIYyowlXRiY6UD9RxtZbG09b68huQoMxXLuZeyEet50JO8NapZTF4yV+KaVwGQPyc=',
  },
  {
    provider: 'secretbox',
    secret: long,
    key: '/registry/pods/default/one',
    text: '{"kind":"Pod"}',
    value:
      'azhzOmVuYzpzZWNyZXRib3g6djE6a2V5MTp1augipAlQnP1oCav+ZqRMDyRvb359w/9xECt14piFxH6nXhLLdfLMiEZVemBu3WDKgvKEEmY=',
  },
];

/** A rule for Secrets. */
function rule(...providers: object[]): object[] {
  return [{ resources: ['secrets'], providers }];
}

function keyed(provider: string, ...keys: [name: string, secret: string][]): object {
  return { [provider]: { keys: keys.map(([name, secret]) => ({ name, secret })) } };
}

describe('providers', () => {
  for (const { provider, secret, key: at, text, value } of written) {
    test(`${provider} reads what kube-apiserver wrote, ${text}, and writes the same form`, async () => {
      await using sealed = await openSealedStore();
      await sealed.configure(rule(keyed(provider, ['key1', secret])));
      const store = new Sealed(sealed.store, await sealed.load(), 'secrets');
      await sealed.put(at, Buffer.from(value, 'base64'));
      assert.equal(await store.get(at), text);
      assert.equal(await store.isStale(at), false);
      await store.put(at, text);
      const raw = await sealed.raw(at);
      assert.equal(raw.toString('latin1', 0, raw.indexOf('key1:') + 5), `k8s:enc:${provider}:v1:key1:`);
      assert.equal(raw.length, Buffer.from(value, 'base64').length);
      assert.equal(raw.includes(text), false);
      assert.equal(await store.get(at), text);
    });
  }

  test('no value is written twice in the same bytes', async () => {
    for (const provider of ['aescbc', 'aesgcm', 'secretbox']) {
      await using sealed = await openSealedStore();
      await sealed.configure(rule(keyed(provider, ['key1', long])));
      const store = new Sealed(sealed.store, await sealed.load(), 'secrets');
      const raws = new Set<string>();
      for (let i = 0; i < 3; i++) {
        await store.put(key, 'the same');
        raws.add((await sealed.raw(key)).toString('hex'));
      }
      assert.equal(raws.size, 3);
    }
  });

  test('what is broken, or lies under another key, does not open', async () => {
    const words = {
      aescbc: ['the stored data was shorter than the required size', /error occurred: (invalid|the stored)/],
      aesgcm: ['the stored data was shorter than the required size', /cipher: message authentication failed$/],
      secretbox: ['the stored data was shorter than the required size', /output array was not large enough/],
    } as const;
    for (const [provider, [tooShort, broken]] of Object.entries(words)) {
      await using sealed = await openSealedStore();
      await sealed.configure(rule(keyed(provider, ['key1', long])));
      const store = new Sealed(sealed.store, await sealed.load(), 'secrets');
      await store.put(key, 'a value of some length, so that it has blocks');
      const raw = await sealed.raw(key);
      await sealed.put(key, raw.subarray(0, 26));
      await assert.rejects(store.get(key), { message: `Internal error occurred: ${tooShort}` });
      await sealed.put(key, raw.subarray(0, -1));
      await assert.rejects(store.get(key), broken);
      await sealed.put('/registry/secrets/default/two', raw);
      if (provider === 'aesgcm') await assert.rejects(store.get('/registry/secrets/default/two'), broken);
    }
  });

  test('the first provider and key write; what others wrote is stale, and read', async () => {
    await using sealed = await openSealedStore();
    const providers = [keyed('secretbox', ['a', long]), keyed('aesgcm', ['b', long]), { identity: {} }];
    for (const at of providers.keys()) {
      await sealed.configure(rule(...providers.slice(at)));
      await new Sealed(sealed.store, await sealed.load(), 'secrets').put(`${key}-${at}`, `by ${at}`);
    }
    await sealed.configure(rule(...providers));
    const store = new Sealed(sealed.store, await sealed.load(), 'secrets');
    for (const at of providers.keys()) {
      assert.equal(await store.get(`${key}-${at}`), `by ${at}`);
      assert.equal(await store.isStale(`${key}-${at}`), at > 0);
    }
  });

  test('keys of one provider may stand in one element or in several, and may share a name', async () => {
    for (const rotated of [
      [keyed('aesgcm', ['new', other], ['old', long])],
      [keyed('aesgcm', ['new', other]), keyed('aesgcm', ['old', long])],
      [keyed('aesgcm', ['old', other], ['old', long])],
    ]) {
      await using sealed = await openSealedStore();
      await sealed.configure(rule(keyed('aesgcm', ['old', long])));
      await new Sealed(sealed.store, await sealed.load(), 'secrets').put(key, 'kept');
      await sealed.configure(rule(...rotated));
      const store = new Sealed(sealed.store, await sealed.load(), 'secrets');
      assert.equal(await store.get(key), 'kept');
      assert.equal(await store.isStale(key), true);
      await store.put(key, 'kept');
      assert.equal(await store.isStale(key), false);
    }
  });

  test('a key, a provider or a rule that is gone is told', async () => {
    await using sealed = await openSealedStore();
    await sealed.configure(rule(keyed('aesgcm', ['old', long])));
    await new Sealed(sealed.store, await sealed.load(), 'secrets').put(key, 'kept');
    const told: [object[], string][] = [
      [rule(keyed('aesgcm', ['new', other])), 'no matching key was found for the provided AES transformer'],
      [rule(keyed('aesgcm', ['old', other])), 'cipher: message authentication failed'],
      [rule(keyed('secretbox', ['old', long])), 'no matching prefix found'],
      [rule({ identity: {} }), 'no matching prefix found'],
      [
        [{ resources: ['configmaps'], providers: [{ identity: {} }] }],
        'identity transformer tried to read encrypted data',
      ],
      [
        rule(keyed('aesgcm', ['old', other]), keyed('aesgcm', ['new', long])),
        '[cipher: message authentication failed, no matching key was found for the provided AES transformer]',
      ],
    ];
    for (const [resources, why] of told) {
      await sealed.configure(resources);
      const store = new Sealed(sealed.store, await sealed.load(), 'secrets');
      await assert.rejects(store.get(key), { message: `Internal error occurred: ${why}` });
    }
  });
});

test('a rule for a resource comes before one for its group, and that before one for all', async () => {
  await using sealed = await openSealedStore();
  await sealed.configure([
    { resources: ['events'], providers: [{ identity: {} }] },
    { resources: ['deployments.apps', 'secrets'], providers: [keyed('aesgcm', ['own', long])] },
    { resources: ['*.apps'], providers: [keyed('aesgcm', ['apps', long])] },
    { resources: ['*.'], providers: [keyed('aesgcm', ['core', long])] },
    { resources: ['*.*'], providers: [keyed('aesgcm', ['all', long])] },
  ]);
  const encryption = await sealed.load();
  const expected: [plural: string, group: string, by: string][] = [
    ['events', '', ''],
    ['secrets', '', 'own'],
    ['deployments', 'apps', 'own'],
    ['replicasets', 'apps', 'apps'],
    ['configmaps', '', 'core'],
    ['jobs', 'batch', 'all'],
    ['pandas', 'awesome.bears.example', 'all'],
  ];
  for (const [plural, group, by] of expected) {
    const at = `/registry/${plural}/default/one`;
    await new Sealed(sealed.store, encryption, plural, group).put(at, 'value');
    const raw = (await sealed.raw(at)).toString('latin1');
    assert.equal(/^k8s:enc:aesgcm:v1:(\w+):/.exec(raw)?.[1] ?? '', by, `${plural}.${group}`);
  }
});
