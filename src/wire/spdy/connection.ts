import type { Duplex } from 'node:stream';
import { systemClock, type Clock, type Timer } from '#base';
import {
  controlFrame,
  dataFrameHeader,
  flagFin,
  FrameParser,
  frameTypes,
  resetCodes,
  synStreamFrame,
  type ControlFrame,
} from './frames.ts';
import { HeaderDecoder, HeaderEncoder, type Headers } from './header-block.ts';
import { SpdyStream, type StreamLink } from './stream.ts';

/** A client of exec or port-forward has a few; this many mean that something runs away. */
const maxStreams = 4096;
/** Answers that a peer lets pile up without reading them. */
const maxUnsent = 16 * 1024 * 1024;
/** How long a peer may take to read what is left and close its end. */
const finishGraceMs = 30_000;
const closeGraceMs = 5000;

export interface SpdyOptions {
  socket: Duplex;
  /** The server's streams have even numbers, the client's odd ones. */
  server: boolean;
  /** Bytes that came with the upgrade. */
  head?: Buffer;
  /** A stream that the peer opened; false refuses it. */
  onStream?: (stream: SpdyStream) => boolean;
  clock?: Clock;
}

/**
 * One end of a SPDY/3.1 connection, as Kubernetes uses it for exec, attach and port-forward. Go's side
 * (moby/spdystream) knows no flow control: it neither sends nor heeds WINDOW_UPDATE. So writes here wait for the
 * socket only, and a reader that falls behind stops reading from the socket. Peers that do keep windows get updates.
 */
export class SpdyConnection {
  /** Resolves when the socket is closed, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #socket: Duplex;
  readonly #onStream: (stream: SpdyStream) => boolean;
  readonly #clock: Clock;
  readonly #parser: FrameParser;
  readonly #encoder = new HeaderEncoder();
  readonly #decoder = new HeaderDecoder();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #blocked = new Set<SpdyStream>();
  readonly #parity: number;
  readonly #link: StreamLink;
  #nextId: number;
  #lastPeerId = 0;
  #finishing = false;
  #closing = false;
  #lost = false;
  #grace: Timer | undefined;

  constructor({ socket, server, head, onStream, clock }: SpdyOptions) {
    this.#socket = socket;
    this.#onStream = onStream ?? (() => false);
    this.#clock = clock ?? systemClock;
    this.#parity = server ? 0 : 1;
    this.#nextId = server ? 2 : 1;
    this.#link = this.#makeLink();
    this.#parser = new FrameParser({
      control: (frame) => this.#onControl(frame),
      data: (id, data, fin) => this.#streams.get(id)?.receive(data, fin),
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.#onEnd());
    socket.once('close', () => {
      this.#lose();
      this.#grace?.cancel();
      resolve();
    });
    if (head && head.length > 0) socket.unshift(head);
    socket.on('data', (chunk: Buffer) => this.#onBytes(chunk));
    if (socket.destroyed) queueMicrotask(() => (this.#lose(), resolve()));
  }

  /** Opens a stream. It may be written at once: data waits until the peer has accepted the stream. */
  createStream(headers: Headers): SpdyStream {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = new SpdyStream({ id, headers, link: this.#link, open: false });
    if (this.#closing || this.#lost) {
      stream.lost();
      return stream;
    }
    this.#streams.set(id, stream);
    this.#send(synStreamFrame(id, this.#encoder.encode(headers)));
    return stream;
  }

  /**
   * Ends every stream, says good-bye, and leaves it to the peer to close: when Go's side sees the connection close, it
   * drops what it has received and not yet handed on (spdystream's `Serve`), so closing first could cut output short.
   */
  async finish(): Promise<void> {
    if (this.#closing || this.#finishing) return this.closed;
    this.#finishing = true;
    await Promise.all([...this.#streams.values()].map((stream) => ended(stream)));
    this.#send(controlFrame(frameTypes.goAway, [this.#lastPeerId, 0]));
    if (!this.#lost) this.#grace ??= this.#clock.timer(finishGraceMs, () => this.close());
    return this.closed;
  }

  /** Resets the streams that are not over, says good-bye and closes. What streams had not yet written is lost. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    for (const stream of this.#streams.values()) stream.destroy();
    this.#send(controlFrame(frameTypes.goAway, [this.#lastPeerId, 0]));
    this.#end();
  }

  #makeLink(): StreamLink {
    return {
      sendData: (id, data, fin, done) => {
        if (this.#socket.destroyed) return done(new Error('the connection is closed'));
        // One write, since a socket that is a WebSocket sends each as a message.
        this.#socket.write(Buffer.concat([dataFrameHeader(id, data.length, fin), data]), done);
      },
      setBlocked: (stream, blocked) => this.#setBlocked(stream, blocked),
      credit: (id, bytes) => {
        this.#send(controlFrame(frameTypes.windowUpdate, [id, bytes]));
        this.#send(controlFrame(frameTypes.windowUpdate, [0, bytes])); // the connection has a window, too
      },
      release: (stream, reset) => {
        if (this.#streams.delete(stream.id) && reset) this.#reset(stream.id, resetCodes.cancel);
      },
    };
  }

  #setBlocked(stream: SpdyStream, blocked: boolean): void {
    if (blocked) this.#blocked.add(stream);
    else if (!this.#blocked.delete(stream)) return;
    if (this.#blocked.size > 0) this.#socket.pause();
    else this.#socket.resume();
  }

  #onBytes(chunk: Buffer): void {
    try {
      this.#parser.push(chunk);
    } catch {
      // Not SPDY, or its header state is lost: nothing that follows can be trusted.
      this.#socket.destroy();
    }
  }

  #onControl(frame: ControlFrame): void {
    const { type, payload } = frame;
    if (type === frameTypes.synStream) return this.#onSynStream(frame);
    if (type === frameTypes.synReply || type === frameTypes.headers) return this.#onHeaders(frame);
    if (type === frameTypes.rstStream) return this.#onReset(payload.readUInt32BE(0));
    if (type === frameTypes.ping) return this.#onPing(payload.readUInt32BE(0));
    // SETTINGS and WINDOW_UPDATE change nothing here, and after GOAWAY the peer closes when its streams are over.
  }

  #onSynStream({ payload, flags }: ControlFrame): void {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = this.#decoder.decode(payload.subarray(10));
    if (id <= this.#lastPeerId || id % 2 === this.#parity) return this.#reset(id, resetCodes.protocolError);
    this.#lastPeerId = id;
    if (this.#closing || this.#finishing || this.#streams.size >= maxStreams)
      return this.#reset(id, resetCodes.refusedStream);
    const stream = new SpdyStream({ id, headers, link: this.#link, open: true });
    this.#streams.set(id, stream);
    if (!this.#onStream(stream)) {
      this.#streams.delete(id);
      stream.lost();
      return this.#reset(id, resetCodes.refusedStream);
    }
    this.#send(controlFrame(frameTypes.synReply, [id], this.#encoder.encode({})));
    if (flags & flagFin) stream.receive(Buffer.alloc(0), true);
  }

  #onHeaders({ type, payload, flags }: ControlFrame): void {
    const stream = this.#streams.get(payload.readUInt32BE(0) & 0x7fffffff);
    this.#decoder.decode(payload.subarray(4)); // even if unwanted: the next block builds on it
    if (type === frameTypes.synReply) stream?.accepted();
    if (flags & flagFin) stream?.receive(Buffer.alloc(0), true);
  }

  #onReset(id: number): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    stream?.lost();
  }

  /** A ping with a number of ours would be the answer to one that we never sent. */
  #onPing(id: number): void {
    if (id % 2 !== this.#parity) this.#send(controlFrame(frameTypes.ping, [id]));
  }

  #reset(id: number, code: number): void {
    this.#send(controlFrame(frameTypes.rstStream, [id, code]));
  }

  #send(frame: Buffer): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#socket.write(frame);
    if (this.#socket.writableLength > maxUnsent) this.#socket.destroy();
  }

  #onEnd(): void {
    this.#lose();
    this.#end();
  }

  #end(): void {
    if (this.#socket.destroyed) return;
    this.#socket.end();
    this.#socket.resume(); // to see the peer's end
    this.#grace?.cancel();
    this.#grace = this.#clock.timer(closeGraceMs, () => this.#socket.destroy());
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.lost();
  }
}

/** Resolves when all that was written to the stream has left, or the stream is over. */
function ended(stream: SpdyStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.end(() => resolve());
    if (stream.destroyed || stream.writableFinished) resolve();
  });
}
