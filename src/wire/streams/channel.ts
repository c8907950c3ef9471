import { Duplex } from 'node:stream';

/** What a channel asks of its WebSocket. */
export interface ChannelLink {
  send(channel: number, data: Buffer, done: (error?: Error | null) => void): void;
  /** The reader is behind: while any channel is, nothing more is read from the socket. */
  setBlocked(channel: Channel, blocked: boolean): void;
}

/** Unread bytes that a channel holds before the whole connection waits for its reader. */
const maxBuffered = 1024 * 1024;
const maxMessage = 64 * 1024;

/**
 * One numbered channel of a WebSocket. There is no way to say that it ends but for v5's close signal; when the socket
 * closes, reading ends as if the peer had finished, and writing fails. It never raises an `error` that nobody hears.
 */
export class Channel extends Duplex {
  readonly #number: number;
  readonly #link: ChannelLink;
  #ended = false;
  #gone = false;

  constructor(number: number, link: ChannelLink) {
    super({ allowHalfOpen: true, readableHighWaterMark: maxBuffered, writableHighWaterMark: maxMessage });
    this.#number = number;
    this.#link = link;
    this.on('error', () => {}); // told by `close` and by the callbacks of writes
  }

  /** Data from the peer. */
  receive(data: Buffer): void {
    if (this.#ended || this.destroyed || data.length === 0) return;
    if (!this.push(data)) this.#link.setBlocked(this, true);
  }

  /** The peer will send no more. */
  endReading(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.destroyed) this.push(null);
  }

  /** The connection is gone. */
  lost(): void {
    this.#gone = true;
    this.endReading();
    if (this.readableEnded) this.destroy();
    else this.once('end', () => this.destroy());
  }

  override _read(): void {
    this.#link.setBlocked(this, false);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#gone) return done(new Error('the peer closed the connection'));
    if (chunk.length <= maxMessage) return this.#link.send(this.#number, chunk, done);
    this.#link.send(this.#number, chunk.subarray(0, maxMessage), (error) => {
      if (error) done(error);
      else this._write(chunk.subarray(maxMessage), _encoding, done);
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#link.setBlocked(this, false);
    done(error);
  }
}
