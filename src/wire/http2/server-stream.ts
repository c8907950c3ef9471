import { errorCodes, Http2Error, type ErrorCode } from './errors.ts';
import { flags, frameOf, frameTypes, headOf, maxFrameBytes, windowUpdateOf } from './frames.ts';
import type { Headers } from './hpack-decoder.ts';
import { partOf, type Piece } from './piece.ts';
import { ReceiveWindow } from './receive-window.ts';

/** What a stream needs of its connection. */
export interface StreamConnection {
  /** Bytes that the client takes on all streams together. */
  sendWindow: number;
  /** The socket has enough to do: what can wait, waits. */
  readonly congested: boolean;
  /** Where the client is, and who. */
  readonly socket: unknown;
  /** Bytes that a client may send on a stream before they were consumed. */
  readonly streamWindowBytes: number;
  write(frame: Piece): void;
  /** Pumps the stream again when there is room. */
  await(stream: ServerStream): void;
  /** The client may send as much again. */
  consumed(bytes: number): void;
  forget(stream: ServerStream): void;
}

/** What is told of a stream. */
export interface StreamListener {
  /** Bytes came; who has no more use for them says so with `consumed`. */
  data(bytes: Buffer): void;
  /** The client has said everything. */
  end(): void;
  /** Nothing comes or goes any more. */
  close(): void;
}

const maxWindow = 2 ** 31 - 1;

/** One request and its answer: what the client says is told to the listener, what it is told goes no faster than it takes it. */
export class ServerStream {
  readonly id: number;
  readonly headers: Headers;
  /** More may come than the headers. */
  readonly hasBody: boolean;
  listener: StreamListener | undefined;
  readonly #connection: StreamConnection;
  #sendWindow: number;
  /** None where no body comes. */
  readonly #receiveWindow: ReceiveWindow | undefined;
  /** Received, and not yet consumed. */
  #held = 0;
  #queue: Piece[] = [];
  #trailers: Buffer | undefined;
  #headersSent = false;
  #ended = false;
  #remoteEnded = false;
  #closed = false;
  #drained: (() => void)[] = [];

  constructor(
    connection: StreamConnection,
    { id, headers, sendWindow, hasBody }: { id: number; headers: Headers; sendWindow: number; hasBody: boolean },
  ) {
    this.#connection = connection;
    this.id = id;
    this.headers = headers;
    this.hasBody = hasBody;
    this.#sendWindow = sendWindow;
    if (!hasBody) return;
    this.#receiveWindow = new ReceiveWindow(connection.streamWindowBytes, (more) => {
      if (!this.#closed && !this.#remoteEnded) connection.write(windowUpdateOf(id, more));
    });
  }

  get headersSent(): boolean {
    return this.#headersSent;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get socket(): unknown {
    return this.#connection.socket;
  }

  /** Sends a block of headers; with `end` there is nothing more. */
  respond(block: Buffer, end = false): void {
    if (this.#closed || this.#ended) return;
    this.#headersSent = true;
    const set = flags.END_HEADERS | (end ? flags.END_STREAM : 0);
    this.#connection.write(frameOf(frameTypes.HEADERS, set, this.id, block));
    if (end) this.#finish();
  }

  /** Sends bytes; false when they have to wait. */
  write(...chunks: readonly Piece[]): boolean {
    if (this.#closed || this.#ended) return true;
    this.#queue.push(...chunks);
    this.pump();
    return this.#queue.length === 0;
  }

  /** Ends the answer behind what was written, with trailers or without. */
  end(trailers?: Buffer): void {
    if (this.#closed || this.#ended) return;
    this.#ended = true;
    this.#trailers = trailers;
    this.pump();
  }

  /** Sends the last bytes of the answer: the frame that brings them ends it. */
  endWith(...chunks: readonly Piece[]): void {
    if (this.#closed || this.#ended) return;
    this.#queue.push(...chunks);
    this.end();
  }

  /** Ends the stream at once. */
  reset(code: ErrorCode): void {
    if (this.#closed) return;
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(errorCodes[code]);
    this.#connection.write(frameOf(frameTypes.RST_STREAM, 0, this.id, payload));
    this.close();
  }

  /** Resolves when everything written is on its way, or the stream is closed. */
  drained(): Promise<void> {
    if (this.#closed || this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Sends what can be sent now. */
  pump(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      if (!this.#sendSome()) return this.#connection.await(this);
    }
    this.#wake();
    if (this.#ended && !this.#closed) this.#sendEnd();
  }

  /** The client may be sent more. */
  widen(bytes: number): void {
    this.#sendWindow += bytes;
    if (this.#sendWindow > maxWindow) throw new Http2Error('FLOW_CONTROL_ERROR', 'a window is too wide');
    if (this.#queue.length > 0) this.pump();
  }

  /** Bytes of a DATA frame came, `counted` with its padding. */
  receive(bytes: Buffer, counted: number): void {
    this.#receiveWindow?.receive(counted);
    this.#held += counted;
    if (this.#remoteEnded) return this.reset('STREAM_CLOSED');
    if (counted > bytes.length) this.consumed(counted - bytes.length);
    if (bytes.length > 0) this.listener?.data(bytes);
  }

  /** The client may send as much again. */
  consumed(bytes: number): void {
    const given = Math.min(bytes, this.#held); // of a closed stream all was given back
    this.#held -= given;
    this.#connection.consumed(given);
    this.#receiveWindow?.consumed(given);
  }

  /** The client has said everything. */
  receiveEnd(): void {
    if (this.#remoteEnded) return;
    this.#remoteEnded = true;
    this.listener?.end();
  }

  /** Nothing comes or goes any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.consumed(this.#held);
    this.#queue = [];
    this.#connection.forget(this);
    this.#wake();
    this.listener?.close();
  }

  /** Sends a frame of what waits; false when nothing may be sent now. */
  #sendSome(): boolean {
    const room = Math.min(this.#sendWindow, this.#connection.sendWindow, maxFrameBytes);
    if (this.#connection.congested || (room <= 0 && this.#queue[0]?.length !== 0)) return false;
    const parts = this.#take(room);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const isLast = this.#ended && !this.#trailers && this.#queue.length === 0;
    this.#connection.write(headOf(frameTypes.DATA, isLast ? flags.END_STREAM : 0, this.id, bytes));
    for (const part of parts) this.#connection.write(part);
    this.#sendWindow -= bytes;
    this.#connection.sendWindow -= bytes;
    if (isLast) this.#finish();
    return true;
  }

  /** Takes what waits, up to so many bytes; of the piece that does not fit, the rest goes on waiting. */
  #take(room: number): Piece[] {
    let bytes = 0;
    let whole = 0;
    for (const { length } of this.#queue) {
      if (bytes + length > room) break;
      bytes += length;
      whole++;
    }
    const parts = this.#queue.splice(0, whole);
    const [next] = this.#queue;
    if (next !== undefined && bytes < room) {
      parts.push(partOf(next, 0, room - bytes));
      this.#queue[0] = partOf(next, room - bytes);
    }
    return parts;
  }

  #sendEnd(): void {
    if (this.#trailers) {
      const set = flags.END_HEADERS | flags.END_STREAM;
      this.#connection.write(frameOf(frameTypes.HEADERS, set, this.id, this.#trailers));
    } else this.#connection.write(frameOf(frameTypes.DATA, flags.END_STREAM, this.id, Buffer.alloc(0)));
    this.#finish();
  }

  /** The answer is sent. A client that has more to say is told that nobody listens. */
  #finish(): void {
    this.#ended = true;
    if (this.#remoteEnded || !this.hasBody) this.close();
    else this.reset('NO_ERROR');
  }

  #wake(): void {
    const drained = this.#drained;
    if (drained.length === 0) return;
    this.#drained = [];
    for (const resolve of drained) resolve();
  }
}
