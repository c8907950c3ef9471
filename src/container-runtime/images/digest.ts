import { createHash } from 'node:crypto';

/** The content is not what its digest says. */
export class DigestError extends Error {
  constructor(expected: string, actual: string) {
    super(`unexpected digest: expected ${expected}, got ${actual}`);
    this.name = 'DigestError';
  }
}

/** `sha256:<hex>` of some bytes. */
export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Takes bytes as they come and judges them at the end. */
export class Verifier {
  readonly #expected: string;
  readonly #algorithm: string;
  readonly #hash;
  bytes = 0;

  constructor(expected: string) {
    this.#expected = expected;
    this.#algorithm = expected.slice(0, expected.indexOf(':'));
    this.#hash = createHash(this.#algorithm);
  }

  update(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.#hash.update(chunk);
  }

  /** Throws `DigestError` unless the bytes had the digest. */
  verify(): void {
    const actual = `${this.#algorithm}:${this.#hash.digest('hex')}`;
    if (actual !== this.#expected) throw new DigestError(this.#expected, actual);
  }
}

/** The ID of a stack of layers: what the top layer looks like on the ones below (OCI image spec, `ChainID`). */
export function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}
