import { AesCbc } from './aes-cbc.ts';
import { AesGcm } from './aes-gcm.ts';
import type { EncryptionConfiguration, Key, KMSConfiguration, ProviderConfiguration } from './configuration.ts';
import { formatGroupResource, parseGroupResource } from './group-resource.ts';
import { identity } from './identity.ts';
import { PrefixTransformers, type PrefixTransformer } from './prefix-transformers.ts';
import { Rules } from './rules.ts';
import { Secretbox } from './secretbox.ts';
import type { Transformer } from './transformer.ts';

/** Makes the transformer of a plugin. */
type PluginOf = (kms: KMSConfiguration) => Transformer;

/** The rules of a valid configuration. Throws where an earlier rule leaves nothing to a later one. */
export function rulesOf({ resources }: EncryptionConfiguration, pluginOf: PluginOf): Rules {
  const found = new Map<string, PrefixTransformer[]>();
  for (const { resources: names, providers } of resources) {
    const transformers = providers.map((provider) => transformerOf(provider, pluginOf));
    for (const name of names) {
      const resource = parseGroupResource(name);
      const id = formatGroupResource(resource);
      for (const earlier of [formatGroupResource({ ...resource, plural: '*' }), '*.*']) {
        if (found.has(earlier)) throw new Error(`resource "${id}" is masked by earlier rule "${earlier}"`);
      }
      found.set(id, [...(found.get(id) ?? []), ...transformers]);
    }
  }
  const made = [...found].map(
    ([id, transformers]) => [id, new PrefixTransformers('no matching prefix found', transformers)] as const,
  );
  return new Rules(new Map(made));
}

/** The prefixes of `encryptionconfig/config.go`. */
function transformerOf(provider: ProviderConfiguration, pluginOf: PluginOf): PrefixTransformer {
  const { aesgcm, aescbc, secretbox, kms } = provider;
  if (aesgcm) return keyed('aesgcm', 'AES', aesgcm.keys, (key) => new AesGcm(key));
  if (aescbc) return keyed('aescbc', 'AES', aescbc.keys, (key) => new AesCbc(key));
  if (secretbox) return keyed('secretbox', 'Secretbox', secretbox.keys, (key) => new Secretbox(key));
  if (kms) return { prefix: Buffer.from(`k8s:enc:kms:v2:${kms.name}:`), transformer: pluginOf(kms) };
  return { prefix: Buffer.alloc(0), transformer: identity };
}

function keyed(
  provider: string,
  told: string,
  keys: readonly Key[],
  transformer: (key: Buffer) => Transformer,
): PrefixTransformer {
  const transformers = keys.map(({ name, secret }) => ({
    prefix: Buffer.from(`${name}:`),
    transformer: transformer(Buffer.from(secret, 'base64')),
  }));
  const noMatch = `no matching key was found for the provided ${told} transformer`;
  return {
    prefix: Buffer.from(`k8s:enc:${provider}:v1:`),
    transformer: new PrefixTransformers(noMatch, transformers),
  };
}
