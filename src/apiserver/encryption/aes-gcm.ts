import { createCipheriv, createDecipheriv, randomBytes, type CipherGCMTypes } from 'node:crypto';
import { tooShort, type Opened, type Transformer } from './transformer.ts';

const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-GCM with a random nonce before each value (`value/encrypt/aes/aes.go`). The nonces of one key may meet after 2^32
 * writes, so that keys have to be rotated long before.
 */
export class AesGcm implements Transformer {
  readonly #key: Uint8Array;
  readonly #cipher: CipherGCMTypes;

  /** A key of 16, 24 or 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
    this.#cipher = cipherOf(key);
  }

  async fromStorage(data: Buffer, context: Uint8Array): Promise<Opened> {
    if (data.length < nonceBytes) throw new Error(tooShort);
    if (data.length < nonceBytes + tagBytes) throw new Error(notAuthentic);
    const decipher = createDecipheriv(this.#cipher, this.#key, data.subarray(0, nonceBytes));
    decipher.setAAD(context).setAuthTag(data.subarray(-tagBytes));
    const opened = decipher.update(data.subarray(nonceBytes, -tagBytes));
    try {
      decipher.final();
    } catch (error) {
      throw new Error(notAuthentic, { cause: error });
    }
    return { value: opened, stale: false };
  }

  async toStorage(value: Buffer, context: Uint8Array): Promise<Buffer> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(this.#cipher, this.#key, nonce);
    const sealed = cipher.setAAD(context).update(value);
    cipher.final();
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
  }
}

/** The words of Go's `crypto/cipher`. */
const notAuthentic = 'cipher: message authentication failed';

function cipherOf({ length }: Uint8Array): CipherGCMTypes {
  if (length === 16) return 'aes-128-gcm';
  if (length === 24) return 'aes-192-gcm';
  if (length === 32) return 'aes-256-gcm';
  throw new Error(`crypto/aes: invalid key size ${length}`);
}
