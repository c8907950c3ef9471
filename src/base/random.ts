import { randomFillSync } from 'node:crypto';

/** Where all randomness comes from. A seeded source makes a whole run repeatable. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}

/** How much is fetched from the system at a time: asking for the 16 bytes of a UUID costs as much as for thousands. */
const pooledBytes = 4096;

class SystemRandom implements Random {
  readonly #pool = Buffer.alloc(pooledBytes);
  #used = pooledBytes;

  next(): number {
    return Buffer.from(this.bytes(4).buffer).readUInt32LE() / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    if (length > pooledBytes) return randomFillSync(new Uint8Array(length));
    if (this.#used + length > pooledBytes) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const taken = new Uint8Array(this.#pool.subarray(this.#used, this.#used + length));
    this.#pool.fill(0, this.#used, this.#used + length); // what was given out is not kept: it may be a secret
    this.#used += length;
    return taken;
  }
}

/** Randomness of the machine, fit for secrets. */
export const systemRandom: Random = new SystemRandom();

/** A repeatable source (mulberry32); never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}

/** An integer in [0, below). */
export function randomInt(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

const hexDigits = Buffer.from('0123456789abcdef');
const uuidLength = 36;
const uuidText = Buffer.alloc(uuidLength, '-');

/** A version 4 UUID, as `metadata.uid` carries it. */
export function randomUuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  // Digit by digit into a buffer: strings that are put together cost several times as much.
  let to = 0;
  for (const byte of bytes) {
    if (to === 8 || to === 13 || to === 18 || to === 23) to++;
    uuidText[to++] = hexDigits[byte >> 4] ?? 0;
    uuidText[to++] = hexDigits[byte & 15] ?? 0;
  }
  return uuidText.toString('latin1');
}

/** The alphabet of apimachinery's `rand.String`: no vowels and no look-alikes, so that no words appear. */
const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A random suffix as `generateName` and pod names get it (apimachinery `util/rand`). */
export function randomSuffix(random: Random, length = 5): string {
  return Array.from({ length }, () => safeAlphabet[randomInt(random, safeAlphabet.length)]).join('');
}
