/** What is larger has a buffer of its own, which is not kept. */
const keptBytes = 1024 * 1024;

/** One buffer for things that are made one after the other, each of which is done with when the next one is begun. */
export class ScratchBuffer {
  #buffer = Buffer.alloc(0);

  /** So many bytes, in which anything may stand; the last ones that were taken are not to be used any more. */
  take(bytes: number): Buffer {
    if (bytes > keptBytes) return Buffer.allocUnsafeSlow(bytes);
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#buffer.length));
    return this.#buffer.subarray(0, bytes);
  }
}
