import { createHmac, randomBytes } from 'node:crypto';
import { AesGcm } from './aes-gcm.ts';
import { tooShort, type Opened, type Transformer } from './transformer.ts';

const infoBytes = 32;

/** How long a seed is that is made here, and the least that is taken. */
export const seedBytes = 32;

/**
 * AES-GCM with a key of its own for each value, derived from a seed and random bytes that are put before the value
 * (`value/encrypt/aes/aes_extended_nonce.go`): one seed lasts, however much is written with it.
 */
export class ExtendedNonceGcm implements Transformer {
  readonly #seed: Uint8Array;

  constructor(seed: Uint8Array) {
    if (seed.length < seedBytes) throw new Error(`invalid seed length ${seed.length} used for key generation`);
    this.#seed = seed;
  }

  async fromStorage(data: Buffer, context: Uint8Array): Promise<Opened> {
    if (data.length < infoBytes) throw new Error(tooShort);
    return this.#derived(data.subarray(0, infoBytes)).fromStorage(data.subarray(infoBytes), context);
  }

  async toStorage(value: Buffer, context: Uint8Array): Promise<Buffer> {
    const info = randomBytes(infoBytes);
    return Buffer.concat([info, await this.#derived(info).toStorage(value, context)]);
  }

  /** The first block of HKDF-Expand (RFC 5869); the seed is as random as what HKDF-Extract would make. */
  #derived(info: Uint8Array): AesGcm {
    return new AesGcm(createHmac('sha256', this.#seed).update(info).update(Buffer.of(1)).digest());
  }
}
