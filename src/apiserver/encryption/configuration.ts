import { int32, list, message, of, pointer, required, string, type Field } from '#machinery';

/** A Go duration; no type of the API itself has one that may be absent. */
const timeout: Field<string> = {
  number: 5,
  doc: 'How long a call of the plugin may take (3s).',
  type: { kind: 'duration' },
  pointer: true,
};

export class Key extends message('A key and what it is called.', {
  name: required(string(1, 'Stands before each value that the key has sealed.')),
  secret: required(string(2, 'The key itself, in base64.')),
}) {}

export class AESConfiguration extends message('The keys of an AES provider.', {
  keys: required(list(1, 'The first writes, all can read.', Key)),
}) {}

export class SecretboxConfiguration extends message('The keys of a secretbox provider.', {
  keys: required(list(1, 'The first writes, all can read.', Key)),
}) {}

export class IdentityConfiguration extends message('Values as they are.', {}) {}

export class KMSConfiguration extends message('A plugin that seals the keys that values are sealed with.', {
  apiVersion: required(string(1, 'v2, or v1 (the default), which is refused.')),
  name: required(string(2, 'Stands before each value.')),
  cachesize: pointer(int32(3, 'Of v1.')),
  endpoint: required(string(4, 'unix:///path of the socket.')),
  timeout,
}) {}

export class ProviderConfiguration extends message('One way to seal values: exactly one of these.', {
  aesgcm: pointer(of(1, 'AES-GCM.', AESConfiguration)),
  aescbc: pointer(of(2, 'AES-CBC.', AESConfiguration)),
  secretbox: pointer(of(3, 'XSalsa20 and Poly1305.', SecretboxConfiguration)),
  identity: pointer(of(4, 'Not at all.', IdentityConfiguration)),
  kms: pointer(of(5, 'By a key management service.', KMSConfiguration)),
}) {}

export class ResourceConfiguration extends message('Resources, and the providers for them.', {
  resources: required(list(1, 'secrets, deployments.apps, *.apps, *., *.*', string(0, ''))),
  providers: required(list(2, 'The first writes, all can read.', ProviderConfiguration)),
}) {}

/** `apiserver.config.k8s.io/v1` EncryptionConfiguration: the file behind `--encryption-provider-config`. */
export class EncryptionConfiguration extends message('What is sealed, and how.', {
  apiVersion: string(1, 'The version of this form.'),
  kind: string(2, 'Its kind.'),
  resources: required(list(3, 'In order: what an earlier one has, a later one does not get.', ResourceConfiguration)),
}) {}
