import { FieldErrors, FieldPath } from '#machinery';
import type { EncryptionConfiguration, Key, ProviderConfiguration } from './configuration.ts';
import { validateKms } from './kms/validate-kms.ts';
import { validateResources } from './validate-resources.ts';

const aesKeyBytes = [16, 24, 32];
const secretboxKeyBytes = [32];

/** What is wrong with a configuration, in upstream's words (`apis/apiserver/validation/validation_encryption.go`). */
export function validateConfiguration({ resources }: EncryptionConfiguration, automaticReload: boolean): FieldErrors {
  const errors = new FieldErrors();
  const root = FieldPath.of('resources');
  if (resources.length === 0) errors.required(root, atLeastOne(String(root)));
  const kmsNames = new Set<string>();
  for (const [at, one] of resources.entries()) {
    const [names, providers] = [root.index(at).child('resources'), root.index(at).child('providers')];
    if (one.resources.length === 0) errors.required(names, atLeastOne(String(names)));
    validateResources(one.resources, names, errors);
    if (one.providers.length === 0) errors.required(providers, atLeastOne(String(providers)));
    for (const [index, provider] of one.providers.entries()) {
      const path = providers.index(index);
      validateOne(provider, path, errors);
      const { kms, aesgcm, aescbc, secretbox } = provider;
      if (kms) validateKms(kms, path.child('kms'), { kmsNames, automaticReload, errors });
      else if (aesgcm) validateKeys(aesgcm.keys, path.child('aesgcm', 'keys'), aesKeyBytes, errors);
      else if (aescbc) validateKeys(aescbc.keys, path.child('aescbc', 'keys'), aesKeyBytes, errors);
      else if (secretbox) validateKeys(secretbox.keys, path.child('secretbox', 'keys'), secretboxKeyBytes, errors);
    }
  }
  return errors;
}

function atLeastOne(what: string): string {
  return `at least one ${what} is required`;
}

function validateOne(provider: ProviderConfiguration, path: FieldPath, errors: FieldErrors): void {
  const found = Object.values(provider).filter((one) => one !== undefined).length;
  if (found === 1) return;
  const why =
    found === 0
      ? 'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity'
      : 'more than one provider specified in a single element, should split into different list elements';
  errors.invalid(path, shown(provider), why);
}

/** As Go's JSON of it. Upstream shows the keys themselves here, which nobody should find in a log. */
function shown({ aesgcm, aescbc, secretbox, identity, kms }: ProviderConfiguration): unknown {
  const hidden = (one: { keys: Key[] } | undefined): unknown =>
    one ? { Keys: one.keys.map(({ name }) => ({ Name: name, Secret: '[REDACTED]' })) } : null;
  return {
    AESGCM: hidden(aesgcm),
    AESCBC: hidden(aescbc),
    Secretbox: hidden(secretbox),
    Identity: identity ?? null,
    KMS: kms ?? null,
  };
}

function validateKeys(keys: readonly Key[], path: FieldPath, lengths: readonly number[], errors: FieldErrors): void {
  if (keys.length === 0) errors.required(path, atLeastOne('keys'));
  for (const [at, key] of keys.entries()) validateKey(key, path.index(at), lengths, errors);
}

function validateKey({ name, secret }: Key, path: FieldPath, lengths: readonly number[], errors: FieldErrors): void {
  if (name === '') errors.required(path.child('name'), 'name is a mandatory field for a key');
  const at = path.child('secret');
  if (secret === '') {
    errors.required(at, 'secret is a mandatory field for a key');
    return;
  }
  if (!isBase64(secret)) {
    errors.invalid(at, 'REDACTED', 'secrets must be base64 encoded');
    return;
  }
  const { length } = Buffer.from(secret, 'base64');
  if (lengths.includes(length)) return;
  const why = `secret is not of the expected length, got ${length}, expected one of [${lengths.join(' ')}]`;
  errors.invalid(at, 'REDACTED', why);
}

/** What Go's `base64.StdEncoding` takes: padded, and lines may be broken. */
function isBase64(text: string): boolean {
  const joined = text.replaceAll(/[\r\n]/g, '');
  return joined.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(joined);
}
