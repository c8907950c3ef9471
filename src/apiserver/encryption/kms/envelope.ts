import { messageOf, randomUuid, type Clock, type Random } from '#base';
import { AesGcm } from '../aes-gcm.ts';
import { ExtendedNonceGcm } from '../extended-nonce-gcm.ts';
import type { EncryptionMetrics } from '../encryption-metrics.ts';
import type { Opened, Transformer } from '../transformer.ts';
import {
  decodeEncryptedObject,
  encodeEncryptedObject,
  sealedKeyHash,
  sourceTypes,
  type EncryptedObject,
} from './encrypted-object.ts';
import { KeyCache } from './key-cache.ts';
import type { KmsClient } from './kms-client.ts';
import type { KmsProbe } from './probe.ts';
import { checkNotExpired } from './write-key.ts';

interface KmsEnvelopeOptions {
  /** What the configuration calls the plugin. */
  name: string;
  client: KmsClient;
  probe: KmsProbe;
  clock: Clock;
  random: Random;
  metrics: EncryptionMetrics;
}

/**
 * Seals values with a key that a plugin has sealed, and puts that key, sealed, before each (`kmsv2/envelope.go`). The
 * plugin is asked once for each key and never for a value.
 */
export class KmsEnvelope implements Transformer {
  readonly #options: KmsEnvelopeOptions;
  readonly #opened: KeyCache;

  constructor(options: KmsEnvelopeOptions) {
    this.#options = options;
    this.#opened = new KeyCache(options.clock);
  }

  async fromStorage(data: Buffer, context: Uint8Array): Promise<Opened> {
    const { name, probe, metrics } = this.#options;
    const object = decodeEncryptedObject(data);
    const { sealed: current } = probe.key;
    const hash = sealedKeyHash(object);
    const opener = this.#opened.get(hash) ?? (await this.#openKey(hash, object));
    metrics.keyUsed('from_storage', name, object.keyId);
    const { value, stale } = await opener.fromStorage(Buffer.from(object.encryptedData), context);
    const { keyId, encryptedDekSourceType } = object;
    const isCurrent = keyId === current.keyId && encryptedDekSourceType === current.encryptedDekSourceType;
    return { value, stale: stale || !isCurrent };
  }

  async toStorage(value: Buffer, context: Uint8Array): Promise<Buffer> {
    const { name, probe, clock, metrics } = this.#options;
    const { key } = probe;
    checkNotExpired(key, clock);
    this.#keep(key.hash, key.transformer); // so that it is not asked for when the plugin has gone on to another
    const encryptedData = await key.transformer.toStorage(value, context);
    metrics.keyUsed('to_storage', name, key.sealed.keyId);
    return encodeEncryptedObject({ ...key.sealed, encryptedData });
  }

  async #openKey(hash: string, object: EncryptedObject): Promise<Pick<Transformer, 'fromStorage'>> {
    const { client, random, metrics } = this.#options;
    metrics.transformations.missed();
    const plain = await client.decrypt(randomUuid(random), object).catch((error: unknown) => {
      throw new Error(`failed to decrypt DEK, error: ${messageOf(error)}`, { cause: error });
    });
    const isSeed = object.encryptedDekSourceType === sourceTypes.hkdfSeed;
    const opener = isSeed ? new ExtendedNonceGcm(plain) : new AesGcm(plain);
    this.#keep(hash, opener);
    return opener;
  }

  #keep(hash: string, opener: Pick<Transformer, 'fromStorage'>): void {
    this.#opened.set(hash, opener);
    const { name, metrics } = this.#options;
    metrics.openedKeys(name, this.#opened.size);
  }
}
