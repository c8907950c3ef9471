/** Which numbers of a range are taken, as Go's `big.Int` writes them: the first number is the lowest bit. */
export class PortSet {
  readonly #bits: Uint8Array;

  constructor(size: number) {
    this.#bits = new Uint8Array(Math.ceil(size / 8));
  }

  /** Reads what `toBytes` wrote; what lies beyond the range is forgotten. */
  static of(size: number, bytes: Uint8Array): PortSet {
    const set = new PortSet(size);
    const bits = bytes.toReversed().subarray(0, set.#bits.length);
    set.#bits.set(bits);
    return set;
  }

  has(offset: number): boolean {
    return ((this.#bits[offset >> 3] ?? 0) & (1 << (offset & 7))) !== 0;
  }

  /** False when it is taken already. */
  add(offset: number): boolean {
    if (this.has(offset)) return false;
    this.#bits[offset >> 3] = (this.#bits[offset >> 3] ?? 0) | (1 << (offset & 7));
    return true;
  }

  delete(offset: number): void {
    this.#bits[offset >> 3] = (this.#bits[offset >> 3] ?? 0) & ~(1 << (offset & 7));
  }

  *values(): Generator<number> {
    for (let offset = 0; offset < this.#bits.length * 8; offset += 1) if (this.has(offset)) yield offset;
  }

  copy(): PortSet {
    return PortSet.of(this.#bits.length * 8, this.#bits.toReversed());
  }

  equals(other: PortSet): boolean {
    return Buffer.from(this.#bits).equals(other.#bits);
  }

  /** Without the zeros in front. */
  toBytes(): Uint8Array {
    const bytes = this.#bits.toReversed();
    const first = bytes.findIndex((byte) => byte !== 0);
    return first === -1 ? new Uint8Array() : bytes.subarray(first);
  }
}
