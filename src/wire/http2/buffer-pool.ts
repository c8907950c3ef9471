/**
 * Buffers of one size that are used again and again, and never more of them than so many: a new buffer each time is memory
 * outside of V8's heap, for which it collects the whole heap.
 */
export class BufferPool {
  readonly bufferBytes: number;
  readonly #most: number;
  readonly #free: Buffer[] = [];
  #made = 0;

  constructor(bufferBytes: number, most: number) {
    this.bufferBytes = bufferBytes;
    this.#most = most;
  }

  /** A buffer of which nobody else has any; undefined when all are taken. */
  take(): Buffer | undefined {
    const free = this.#free.pop();
    if (free || this.#made === this.#most) return free;
    this.#made++;
    return Buffer.allocUnsafeSlow(this.bufferBytes);
  }

  give(buffer: Buffer): void {
    this.#free.push(buffer);
  }
}
