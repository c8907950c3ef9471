import type { Writable } from 'node:stream';
import type { Piece } from './piece.ts';
import { writeJoined } from './write-joined.ts';

/** So much is enough for the other side to begin with, while this one goes on. */
const firstBytes = 128 * 1024;

/** Frames on their way to the socket: those of one turn of the event loop go together, but for the first of many. */
export class Outgoing {
  readonly #socket: Writable;
  #frames: Piece[] = [];
  #bytes = 0;
  #isFirst = true;
  #congested = false;

  /** `onRelief` is called when the socket, which had enough to do, takes more. */
  constructor(socket: Writable, onRelief: () => void) {
    this.#socket = socket;
    socket.on('drain', () => {
      this.#congested = false;
      onRelief();
    });
  }

  /** The socket has enough to do: what can wait, waits. */
  get congested(): boolean {
    return this.#congested;
  }

  /** A frame, or a part of one; the parts of a frame come one right behind the other. */
  write(frame: Piece): void {
    if (this.#frames.push(frame) === 1) process.nextTick(() => this.#endTurn());
    this.#bytes += frame.length;
    if (!this.#isFirst || this.#bytes < firstBytes) return;
    this.#isFirst = false;
    this.flush();
  }

  /** Hands what waits to the socket now. */
  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    this.#bytes = 0;
    if (this.#socket.writable && !writeJoined(this.#socket, frames)) this.#congested = true;
  }

  #endTurn(): void {
    this.#isFirst = true;
    this.flush();
  }
}
