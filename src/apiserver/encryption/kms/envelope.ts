import { messageOf, randomUuid, type Clock, type Random } from '#base';
import { AesGcm } from '../aes-gcm.ts';
import { ExtendedNonceGcm } from '../extended-nonce-gcm.ts';
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

/**
 * Seals values with a key that a plugin has sealed, and puts that key, sealed, before each (`kmsv2/envelope.go`). The
 * plugin is asked once for each key and never for a value.
 */
export class KmsEnvelope implements Transformer {
  readonly #client: KmsClient;
  readonly #probe: KmsProbe;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #opened: KeyCache;

  constructor(options: { client: KmsClient; probe: KmsProbe; clock: Clock; random: Random }) {
    this.#client = options.client;
    this.#probe = options.probe;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#opened = new KeyCache(options.clock);
  }

  async fromStorage(data: Buffer, context: Uint8Array): Promise<Opened> {
    const object = decodeEncryptedObject(data);
    const { sealed: current } = this.#probe.key;
    const hash = sealedKeyHash(object);
    const opener = this.#opened.get(hash) ?? (await this.#openKey(hash, object));
    const { value, stale } = await opener.fromStorage(Buffer.from(object.encryptedData), context);
    const { keyId, encryptedDekSourceType } = object;
    const isCurrent = keyId === current.keyId && encryptedDekSourceType === current.encryptedDekSourceType;
    return { value, stale: stale || !isCurrent };
  }

  async toStorage(value: Buffer, context: Uint8Array): Promise<Buffer> {
    const { key } = this.#probe;
    checkNotExpired(key, this.#clock);
    this.#opened.set(key.hash, key.transformer); // so that it is not asked for when the plugin has gone on to another
    const encryptedData = await key.transformer.toStorage(value, context);
    return encodeEncryptedObject({ ...key.sealed, encryptedData });
  }

  async #openKey(hash: string, object: EncryptedObject): Promise<Pick<Transformer, 'fromStorage'>> {
    const plain = await this.#client.decrypt(randomUuid(this.#random), object).catch((error: unknown) => {
      throw new Error(`failed to decrypt DEK, error: ${messageOf(error)}`, { cause: error });
    });
    const isSeed = object.encryptedDekSourceType === sourceTypes.hkdfSeed;
    const opener = isSeed ? new ExtendedNonceGcm(plain) : new AesGcm(plain);
    this.#opened.set(hash, opener);
    return opener;
  }
}
