import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { openSealedStore } from './testing/sealed-store.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n';
const secrets = (providers: string): string => `${head}resources: [{resources: [secrets], providers: ${providers}}]`;
const resources = (...rules: string[][]): string => {
  const list = rules.map(
    (names) => `{resources: [${names.map((name) => `'${name}'`).join()}], providers: [{identity: {}}]}`,
  );
  return `${head}resources: [${list.join()}]`;
};
const required = (field: string): string =>
  `${field}: Required value: at least one ${field.split('.').pop()} is required`;

/** What k8s.io/apiserver v0.36.0 says of each; FILE stands for its name. */
const bad: [what: string, text: string, says: string][] = [
  ['nothing', '', 'error while loading file: encryption provider configuration file "FILE" is empty'],
  ['no resources', head, required('resources')],
  ['an empty list', `${head}resources: []`, required('resources')],
  [
    'no kind',
    'resources: []',
    `error decoding encryption provider configuration file "FILE": Object 'Kind' is missing in 'resources: []'`,
  ],
  [
    'an unknown field',
    secrets('[{identity: {}, foo: 1}]'),
    'error decoding encryption provider configuration file "FILE": strict decoding error: unknown field "resources[0].providers[0].foo"',
  ],
  [
    'a key that stands twice',
    `${head}resources: []\nresources: []`,
    'error decoding encryption provider configuration file "FILE": strict decoding error: yaml: unmarshal errors:\n  line 4: key "resources" already set in map',
  ],
  [
    'a number as a name',
    secrets('[{aescbc: {keys: [{name: 1, secret: x}]}}]'),
    'error decoding encryption provider configuration file "FILE": json: cannot unmarshal number into Go struct field Key.resources.providers.aescbc.keys.name of type string',
  ],
  [
    'no names, no providers',
    `${head}resources: [{}]`,
    '[resources[0].resources: Required value: at least one resources[0].resources is required, resources[0].providers: Required value: at least one resources[0].providers is required]',
  ],
  [
    'an empty provider',
    secrets('[{}]'),
    'resources[0].providers[0]: Invalid value: {"AESGCM":null,"AESCBC":null,"Secretbox":null,"Identity":null,"KMS":null}: provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity',
  ],
  [
    'two providers in one, whose keys are not shown',
    secrets(`[{identity: {}, aescbc: {keys: [{name: key1, secret: ${key}}]}}]`),
    'resources[0].providers[0]: Invalid value: {"AESGCM":null,"AESCBC":{"Keys":[{"Name":"key1","Secret":"[REDACTED]"}]},"Secretbox":null,"Identity":{},"KMS":null}: more than one provider specified in a single element, should split into different list elements',
  ],
  [
    'bad keys',
    secrets(
      `[{aescbc: {keys: [{secret: ${key}}, {name: a}, {name: b, secret: '???'}, {name: c, secret: YWJj}]}}, {aesgcm: {keys: []}}, {secretbox: {keys: [{name: a, secret: c2VjcmV0IGlzIHNlY3VyZQ==}]}}]`,
    ),
    '[resources[0].providers[0].aescbc.keys[0].name: Required value: name is a mandatory field for a key, resources[0].providers[0].aescbc.keys[1].secret: Required value: secret is a mandatory field for a key, resources[0].providers[0].aescbc.keys[2].secret: Invalid value: "REDACTED": secrets must be base64 encoded, resources[0].providers[0].aescbc.keys[3].secret: Invalid value: "REDACTED": secret is not of the expected length, got 3, expected one of [16 24 32], resources[0].providers[1].aesgcm.keys: Required value: at least one keys is required, resources[0].providers[2].secretbox.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 16, expected one of [32]]',
  ],
  [
    'the star',
    resources(['*']),
    `resources[0].resources[0]: Invalid value: "*": use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources`,
  ],
  [
    'names that are none',
    resources(['Secrets', 'apiserveripinfo', 'events.events.k8s.io', 'deployments.extensions', 'pods.*']),
    `[resources[0].resources[0]: Invalid value: "Secrets": resource name should not contain capital letters, resources[0].resources[1]: Invalid value: "apiserveripinfo": resources which do not have REST API/s cannot be encrypted, resources[0].resources[2]: Invalid value: "events.events.k8s.io": '*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file, resources[0].resources[3]: Invalid value: "deployments.extensions": 'extensions' group has been removed and cannot be used for encryption, resources[0].resources[4]: Invalid value: "pods.*": encrypting the same resource across groups is not supported]`,
  ],
  [
    'a name twice',
    resources(['secrets', 'secrets']),
    'resources[0].resources: Invalid value: ["secrets","secrets"]: the same resource cannot be specified multiple times',
  ],
  [
    'a name beside its group',
    resources(['secrets', '*.']),
    `resources[0].resources: Invalid value: ["secrets","*."]: using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked`,
  ],
  [
    'a name beside everything',
    resources(['*.*', 'pods']),
    `resources[0].resources: Invalid value: ["*.*","pods"]: using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked`,
  ],
  [
    'plugins that cannot be',
    secrets(
      `[{kms: {apiVersion: v2, name: 'a:b', endpoint: 'tcp://1.2.3.4', cachesize: 3, timeout: -1s}}, {kms: {apiVersion: v3}}, {kms: {apiVersion: v1, name: x, endpoint: 'unix:///a', cachesize: 0}}, {kms: {apiVersion: v2, name: d, endpoint: 'unix:///a'}}, {kms: {apiVersion: v2, name: d, endpoint: 'unix:///a'}}]`,
    ),
    `[resources[0].providers[0].kms.name: Invalid value: "a:b": invalid KMS provider name a:b, must not contain ':', resources[0].providers[0].kms.timeout: Invalid value: "-1s": timeout should be a positive value, resources[0].providers[0].kms.endpoint: Invalid value: "tcp://1.2.3.4": unsupported scheme "tcp" for KMS provider, only unix is supported, resources[0].providers[0].kms.cachesize: Invalid value: 3: cachesize is not supported in v2, resources[0].providers[1].kms.name: Required value: name is a mandatory field for a provider, resources[0].providers[1].kms.endpoint: Invalid value: "": endpoint is a mandatory field for a kms, resources[0].providers[1].kms.apiVersion: Invalid value: "v3": unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported, resources[0].providers[2].kms.cachesize: Invalid value: 0: cachesize should be a positive value, or negative to disable, resources[0].providers[4].kms.name: Invalid value: "d": duplicate KMS provider name d, names must be unique]`,
  ],
  [
    'a time that is none',
    secrets(`[{kms: {apiVersion: v2, name: d, endpoint: 'unix:///a', timeout: soon}}]`),
    'error decoding encryption provider configuration file "FILE": time: invalid duration "soon"',
  ],
];

describe('a configuration that is wrong says what upstream says', () => {
  for (const [what, text, says] of bad) {
    test(what, async () => {
      await using sealed = await openSealedStore();
      await writeFile(sealed.configPath, text);
      const message = `error while parsing file: ${says.replace('FILE', sealed.configPath)}`;
      await assert.rejects(sealed.load(), { message });
    });
  }

  test('no file', async () => {
    await using sealed = await openSealedStore();
    const path = sealed.configPath;
    const message = `error while parsing file: error while loading file: error reading encryption provider configuration file "${path}": open ${path}: no such file or directory`;
    await assert.rejects(sealed.load(), { message });
  });

  test('another kind, another version', async () => {
    await using sealed = await openSealedStore();
    for (const [apiVersion, kind] of [
      ['apiserver.config.k8s.io/v1', 'Foo'],
      ['apiserver.config.k8s.io/v9', 'EncryptionConfiguration'],
    ]) {
      await writeFile(sealed.configPath, `apiVersion: ${apiVersion}\nkind: ${kind}`);
      await assert.rejects(sealed.load(), { message: /: no kind "\w+" is registered for version "apiserver\S+v\d"/ });
    }
  });

  test('rules that leave nothing to later ones', async () => {
    await using sealed = await openSealedStore();
    const masked: [string, string, string][] = [
      ['*.apps', 'deployments.apps', 'resource "deployments.apps" is masked by earlier rule "*.apps"'],
      ['*.*', '*.', 'resource "*." is masked by earlier rule "*.*"'],
    ];
    for (const [first, second, says] of masked) {
      await writeFile(sealed.configPath, resources([first], [second]));
      await assert.rejects(sealed.load(), { message: `error while building transformers: ${says}` });
    }
  });

  test('KMS v1', async () => {
    await using sealed = await openSealedStore();
    await writeFile(sealed.configPath, secrets(`[{kms: {name: a, endpoint: 'unix:///a'}}]`));
    await assert.rejects(sealed.load(), {
      message:
        'error while building transformers: KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.',
    });
  });
});

test('JSON, YAML, and all but the first document are taken as upstream takes them', async () => {
  await using sealed = await openSealedStore();
  const json = `{"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[{"resources":["secrets"],"providers":[{"identity":{}}]}]}`;
  for (const text of [json, secrets('[{identity: {}}]'), `${secrets('[{identity: {}}]')}\n---\nfoo: bar`]) {
    await writeFile(sealed.configPath, text);
    assert.ok((await sealed.load()).rules.of({ group: '', plural: 'secrets' }));
  }
});
