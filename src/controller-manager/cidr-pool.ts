import { isIP } from 'node:net';

/** Equal ranges cut out of one large range, each with at most one holder. */
export class CidrPool {
  readonly #base: bigint;
  readonly #bits: number;
  readonly #maskSize: number;
  readonly #count: bigint;
  readonly #holders = new Map<bigint, string>();
  #next = 0n;

  /** Throws RangeError when `cidr` is none or smaller than one range. */
  constructor(cidr: string, maskSize: number) {
    const [address = '', prefix = ''] = cidr.split('/');
    const version = isIP(address);
    this.#bits = version === 6 ? 128 : 32;
    this.#maskSize = maskSize;
    const prefixSize = Number(prefix);
    if (version === 0 || !/^\d+$/.test(prefix) || prefixSize > maskSize || maskSize > this.#bits) {
      throw new RangeError(`cannot cut ranges of /${maskSize} out of ${cidr}`);
    }
    this.#count = 1n << BigInt(maskSize - prefixSize);
    this.#base = (toNumber(address) >> BigInt(this.#bits - prefixSize)) << BigInt(this.#bits - prefixSize);
  }

  /** A free range, or the one that the holder has already; undefined when none is left. */
  allocate(holder: string): string | undefined {
    for (const [index, known] of this.#holders) if (known === holder) return this.#rangeAt(index);
    for (let tried = 0n; tried <= BigInt(this.#holders.size) && tried < this.#count; tried++) {
      const index = (this.#next + tried) % this.#count;
      if (this.#holders.has(index)) continue;
      this.#holders.set(index, holder);
      this.#next = (index + 1n) % this.#count;
      return this.#rangeAt(index);
    }
    return undefined;
  }

  /** Takes notice of a range that is in use. One that is not of this pool is ignored. */
  occupy(cidr: string, holder: string): void {
    const [address = ''] = cidr.split('/');
    if (isIP(address) !== (this.#bits === 128 ? 6 : 4)) return;
    const index = (toNumber(address) - this.#base) >> BigInt(this.#bits - this.#maskSize);
    if (index >= 0n && index < this.#count) this.#holders.set(index, holder);
  }

  release(holder: string): void {
    for (const [index, known] of this.#holders) if (known === holder) this.#holders.delete(index);
  }

  #rangeAt(index: bigint): string {
    const address = this.#base + (index << BigInt(this.#bits - this.#maskSize));
    return `${toText(address, this.#bits)}/${this.#maskSize}`;
  }
}

function toNumber(address: string): bigint {
  if (isIP(address) === 4) return BigInt(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

function toText(address: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  const parts = Array.from({ length: 8 }, (_, at) => ((address >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  return new URL(`http://[${parts.join(':')}]/`).hostname.slice(1, -1); // the shortest form, as RFC 5952 wants it
}
