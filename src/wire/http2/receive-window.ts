import { Http2Error } from './errors.ts';

/** What the other side may send before we have consumed it: on a stream, or on all of a connection (RFC 9113, 5.2). */
export class ReceiveWindow {
  readonly #bytes: number;
  readonly #widen: (bytes: number) => void;
  #open: number;
  #consumed = 0;

  /** `widen` tells the other side that it may send so much more. */
  constructor(bytes: number, widen: (bytes: number) => void) {
    this.#bytes = bytes;
    this.#open = bytes;
    this.#widen = widen;
  }

  /** Bytes came. Throws `Http2Error` when they are more than was allowed. */
  receive(bytes: number): void {
    this.#open -= bytes;
    if (this.#open < 0) throw new Http2Error('FLOW_CONTROL_ERROR', 'more came than was allowed');
  }

  /** As much may come again; the other side is told once half of the window is free. */
  consumed(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < this.#bytes / 2) return;
    this.#widen(this.#consumed);
    this.#open += this.#consumed;
    this.#consumed = 0;
  }
}
