import { Duplex } from 'node:stream';
import type { Headers } from './header-block.ts';

/** What a stream asks of its connection. */
export interface StreamLink {
  sendData(stream: number, data: Buffer, fin: boolean, done: (error?: Error | null) => void): void;
  /** The reader is behind (or no more): while any stream is, nothing more is read from the socket. */
  setBlocked(stream: SpdyStream, blocked: boolean): void;
  /** So many bytes were taken. */
  credit(stream: number, bytes: number): void;
  /** The stream is over on this side; `reset` when the other side must be told. */
  release(stream: SpdyStream, reset: boolean): void;
}

/** Unread bytes that a stream holds before the whole connection waits for its reader. */
const maxBuffered = 1024 * 1024;
/** Large writes leave in pieces, so that streams take turns. */
const maxFrame = 64 * 1024;
/** Credit is given back in portions of half the initial window. */
const creditPortion = 32 * 1024;

/**
 * One stream of a SPDY connection; each direction ends by itself. When the peer resets it or vanishes, reading ends
 * as if the peer had finished, and writing fails. It never raises an `error` that nobody listens to.
 */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #link: StreamLink;
  #open: boolean;
  /** What waits for the peer to accept the stream: a write, or the end. */
  #waiting: (() => void) | undefined;
  #remoteDone = false;
  #localDone = false;
  #gone = false;
  #credit = 0;

  constructor(options: { id: number; headers: Headers; link: StreamLink; open: boolean }) {
    super({ allowHalfOpen: true, readableHighWaterMark: maxBuffered, writableHighWaterMark: maxFrame });
    this.id = options.id;
    this.headers = options.headers;
    this.#link = options.link;
    this.#open = options.open;
    this.on('error', () => {}); // told by `close` and by the callbacks of writes
  }

  /** The peer accepted the stream. Go's side drops data that comes before its reply, so writes wait for it. */
  accepted(): void {
    this.#proceed();
  }

  /** Data from the peer. */
  receive(data: Buffer, fin: boolean): void {
    if (this.#remoteDone || this.destroyed) return;
    if (data.length > 0) {
      this.#credit += data.length;
      if (this.push(data)) this.#giveCredit();
      else this.#link.setBlocked(this, true);
    }
    if (fin) this.#endReading();
  }

  /** The peer reset the stream, or the connection is gone. */
  lost(): void {
    this.#gone = true;
    this.#localDone = true;
    this.#proceed();
    this.#endReading();
    if (this.readableEnded) this.destroy();
    else this.once('end', () => this.destroy());
  }

  #endReading(): void {
    if (this.#remoteDone) return;
    this.#remoteDone = true;
    if (!this.destroyed) this.push(null);
  }

  #giveCredit(): void {
    if (this.#credit < creditPortion || this.#remoteDone) return;
    this.#link.credit(this.id, this.#credit);
    this.#credit = 0;
  }

  override _read(): void {
    this.#link.setBlocked(this, false);
    this.#giveCredit();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#whenOpen(() => this.#send(chunk, done));
  }

  #whenOpen(action: () => void): void {
    if (this.#open || this.#gone) action();
    else this.#waiting = action; // Writable calls `_write` and `_final` one at a time
  }

  #proceed(): void {
    this.#open = true;
    const action = this.#waiting;
    this.#waiting = undefined;
    action?.();
  }

  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    if (this.#gone) return done(new Error('the peer closed the stream'));
    if (chunk.length <= maxFrame) return this.#link.sendData(this.id, chunk, false, done);
    this.#link.sendData(this.id, chunk.subarray(0, maxFrame), false, (error) => {
      if (error) done(error);
      else this.#send(chunk.subarray(maxFrame), done);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenOpen(() => {
      if (this.#gone) return done();
      this.#localDone = true;
      this.#link.sendData(this.id, Buffer.alloc(0), true, () => done());
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#link.setBlocked(this, false);
    this.#link.release(this, !(this.#gone || (this.#localDone && this.#remoteDone)));
    this.#gone = true;
    this.#proceed();
    done(error);
  }
}
