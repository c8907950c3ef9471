const bytesTogether = 64 * 1024;

/** Buffers for things that come one after the other and go at the same time: many share one, which goes with the last of them. */
export class SharedBuffer {
  #buffer = Buffer.alloc(0);
  #used = 0;

  /** So many bytes, in which anything may stand. What would take much of a shared one has one of its own. */
  take(bytes: number): Buffer {
    if (bytes > bytesTogether / 4) return Buffer.allocUnsafeSlow(bytes);
    if (this.#used + bytes > this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafeSlow(bytesTogether);
      this.#used = 0;
    }
    return this.#buffer.subarray(this.#used, (this.#used += bytes));
  }
}
