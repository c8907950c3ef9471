import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { tooShort, type Opened, type Transformer } from './transformer.ts';

const blockBytes = 16;

/** AES-CBC with a random first block before each value (`value/encrypt/aes/aes.go`): hides, and vouches for nothing. */
export class AesCbc implements Transformer {
  readonly #key: Uint8Array;

  /** A key of 16, 24 or 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  async fromStorage(data: Buffer): Promise<Opened> {
    if (data.length < blockBytes) throw new Error(tooShort);
    if (data.length % blockBytes !== 0) throw new Error('the stored data is not a multiple of the block size');
    // Node would take the padding off, and tell its faults in other words.
    const decipher = createDecipheriv(this.#cipher, this.#key, data.subarray(0, blockBytes)).setAutoPadding(false);
    const padded = decipher.update(data.subarray(blockBytes));
    decipher.final();
    return { value: withoutPadding(padded), stale: false };
  }

  async toStorage(value: Buffer): Promise<Buffer> {
    const first = randomBytes(blockBytes);
    const cipher = createCipheriv(this.#cipher, this.#key, first);
    return Buffer.concat([first, cipher.update(value), cipher.final()]);
  }

  get #cipher(): string {
    return `aes-${this.#key.length * 8}-cbc`;
  }
}

/** Takes the padding of PKCS#7 off. */
function withoutPadding(padded: Buffer): Buffer {
  const length = padded.at(-1) ?? 0;
  if (length === 0 || length > padded.length) throw new Error('invalid PKCS7 data (empty or not padded)');
  if (padded.subarray(-length).some((byte) => byte !== length)) throw new Error('invalid padding on input');
  return padded.subarray(0, -length);
}
