import { randomBytes } from 'node:crypto';
import type * as salsa from '@noble/ciphers/salsa.js';
import { tooShort, type Opened, type Transformer } from './transformer.ts';

const nonceBytes = 24;
const tagBytes = 16;

/** Only who uses it loads it. */
type Library = typeof salsa;
let loading: Promise<Library> | undefined;

function library(): Promise<Library> {
  return (loading ??= import('@noble/ciphers/salsa.js'));
}

/** XSalsa20 and Poly1305 as NaCl joins them, with a random nonce before each value (`value/encrypt/secretbox`). */
export class Secretbox implements Transformer {
  readonly #key: Uint8Array;

  /** A key of 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  async fromStorage(data: Buffer): Promise<Opened> {
    if (data.length < nonceBytes + tagBytes) throw new Error(tooShort);
    const { xsalsa20poly1305 } = await library();
    const box = xsalsa20poly1305(this.#key, data.subarray(0, nonceBytes));
    try {
      return { value: Buffer.from(box.decrypt(data.subarray(nonceBytes))), stale: false };
    } catch (error) {
      // The words are upstream's, whatever is wrong.
      throw new Error('output array was not large enough for encryption', { cause: error });
    }
  }

  async toStorage(value: Buffer): Promise<Buffer> {
    const nonce = randomBytes(nonceBytes);
    const { xsalsa20poly1305 } = await library();
    return Buffer.concat([nonce, xsalsa20poly1305(this.#key, nonce).encrypt(value)]);
  }
}
