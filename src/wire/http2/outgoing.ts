import type { Writable } from 'node:stream';
import type { Piece } from './piece.ts';
import { writeJoined } from './write-joined.ts';

/** Frames on their way to the socket: those of one turn of the event loop go together. */
export class Outgoing {
  readonly #socket: Writable;
  #frames: Piece[] = [];
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
    if (this.#frames.push(frame) === 1) process.nextTick(() => this.flush());
  }

  /** Hands what waits to the socket now. */
  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    if (this.#socket.writable && !writeJoined(this.#socket, frames)) this.#congested = true;
  }
}
