import { AesCbc } from './aes-cbc.ts';
import { AesGcm } from './aes-gcm.ts';
import type { EncryptionConfiguration, Key, KMSConfiguration, ProviderConfiguration } from './configuration.ts';
import { formatGroupResource, parseGroupResource } from './group-resource.ts';
import { identity } from './identity.ts';
import { PrefixTransformers, type PrefixTransformer } from './prefix-transformers.ts';
import { Rules } from './rules.ts';
import { Secretbox } from './secretbox.ts';
import type { TransformationMetrics } from './transformation-metrics.ts';
import type { Transformer } from './transformer.ts';

/** Makes the transformer of a plugin. */
type PluginOf = (kms: KMSConfiguration) => Transformer;

/** The rules of a valid configuration. Throws where an earlier rule leaves nothing to a later one. */
export function rulesOf(
  { resources }: EncryptionConfiguration,
  pluginOf: PluginOf,
  metrics: TransformationMetrics,
): Rules {
  const found = new Map<string, PrefixTransformer[]>();
  for (const { resources: names, providers } of resources) {
    const transformers = providers.map((provider) => transformerOf(provider, pluginOf, metrics));
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
    ([id, transformers]) => [id, new PrefixTransformers('no matching prefix found', transformers, metrics)] as const,
  );
  return new Rules(new Map(made));
}

/** The prefixes of `encryptionconfig/config.go`. */
function transformerOf(
  { aesgcm, aescbc, secretbox, kms }: ProviderConfiguration,
  pluginOf: PluginOf,
  metrics: TransformationMetrics,
): PrefixTransformer {
  if (aesgcm) return keyed(gcm, aesgcm.keys, metrics);
  if (aescbc) return keyed(cbc, aescbc.keys, metrics);
  if (secretbox) return keyed(box, secretbox.keys, metrics);
  if (kms) return { prefix: Buffer.from(`k8s:enc:kms:v2:${kms.name}:`), transformer: pluginOf(kms) };
  return { prefix: Buffer.alloc(0), transformer: identity };
}

/** A provider whose keys stand in the configuration. */
interface KeyedProvider {
  name: string;
  /** As its errors call it. */
  told: string;
  make: (key: Buffer) => Transformer;
}

const gcm: KeyedProvider = { name: 'aesgcm', told: 'AES', make: (key) => new AesGcm(key) };
const cbc: KeyedProvider = { name: 'aescbc', told: 'AES', make: (key) => new AesCbc(key) };
const box: KeyedProvider = { name: 'secretbox', told: 'Secretbox', make: (key) => new Secretbox(key) };

function keyed(
  { name, told, make }: KeyedProvider,
  keys: readonly Key[],
  metrics: TransformationMetrics,
): PrefixTransformer {
  const transformers = keys.map((key) => ({
    prefix: Buffer.from(`${key.name}:`),
    transformer: make(Buffer.from(key.secret, 'base64')),
  }));
  const noMatch = `no matching key was found for the provided ${told} transformer`;
  return {
    prefix: Buffer.from(`k8s:enc:${name}:v1:`),
    transformer: new PrefixTransformers(noMatch, transformers, metrics),
  };
}
