import { once } from 'node:events';
import { connect as connectPlain, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import {
  flag,
  frameHeader,
  frameType,
  initially,
  preface,
  resetStream,
  setting,
  settingsFrame,
  settingsOf,
  windowUpdate,
} from './frames.ts';
import { FrameReader, type Frame } from './frame-reader.ts';
import { statusOf } from './header-block.ts';

/** As client-go has them (`golang.org/x/net/http2`): a LIST of thousands of objects does not wait for window updates. */
const streamWindow = 4 * 2 ** 20;
const connectionWindow = 2 ** 30;

/** A new buffer for each read would make V8 collect the client's heap all the time, at the server's expense. */
const readBytes = 64 * 1024;

const cancelCode = 8;
const pingBytes = 8;

/** One call: its header block, and what is to be done with the bytes of the answer as they come. */
export interface Call {
  headers: Buffer;
  body?: Buffer;
  /** The bytes are there only during the call: the next ones are read into the same buffer. */
  onData: (chunk: Buffer) => void;
  /** Takes the header block that ended the answer, when one did: trailers, or all of an answer without a body. */
  onTrailers?: (block: Buffer) => void;
  /** More is to be sent on this stream. */
  keepsOpen?: boolean;
}

/** A call under way. */
export interface Started {
  /** Resolves with the status when the answer has ended; rejects when the connection or the stream breaks. */
  ended: Promise<number>;
  /** Calls it off, as a watch is: `ended` then rejects. */
  cancel: () => void;
  /** Sends more, where the call keeps its stream open. */
  send: (body: Buffer) => void;
}

interface Stream {
  readonly onData: (chunk: Buffer) => void;
  readonly onTrailers: ((block: Buffer) => void) | undefined;
  readonly ended: PromiseWithResolvers<number>;
  status: number;
  /** Received, and not yet given back to the stream's window. */
  unacknowledged: number;
}

/**
 * A connection that speaks HTTP/2 with less work around a call than `node:http2` has: what is measured is the
 * server, and the client shares its processors. Calls of one turn of the event loop leave in one write.
 */
export class Http2Connection implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #streams = new Map<number, Stream>();
  readonly #settled = Promise.withResolvers<void>();
  readonly #frames = new FrameReader({
    onData: (frame, part, isLast) => this.#readData(frame, part, isLast),
    onFrame: (frame, payload) => this.#readFrame(frame, payload),
  });
  #nextStream = 1;
  #outgoing: Buffer[] = [];
  #sendWindow: number = initially.windowSize;
  /** Bodies for which the connection's window has no room yet. */
  #held: { stream: number; body: Buffer; flags: number }[] = [];
  #unacknowledged = 0;
  #failure: Error | undefined;
  /** When PINGs left that are not answered yet, oldest first. */
  readonly #pings: { sent: number; answered: PromiseWithResolvers<number> }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
    this.#settled.promise.catch(() => {}); // whoever opens the connection hears of it
  }

  /** Connects over TLS; resolves when both sides know each other's settings. What it reads is read into one buffer. */
  static async open(options: ConnectionOptions): Promise<Http2Connection> {
    let connection: Http2Connection | undefined;
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const onread = {
      buffer,
      callback: (bytes: number): boolean => {
        if (connection) connection.#receive(buffer.subarray(0, bytes));
        return true;
      },
    };
    const all = { ...options, ALPNProtocols: ['h2'], onread }; // known to Node, and not to its types
    const socket = connect(all);
    connection = new Http2Connection(socket);
    await once(socket, 'secureConnect');
    if (socket.alpnProtocol !== 'h2') throw new Error('the server does not speak HTTP/2');
    return connection.#greet();
  }

  /** The same without TLS, to a server of which it is known that it speaks HTTP/2. */
  static async openPlain(options: TcpNetConnectOpts): Promise<Http2Connection> {
    const socket = connectPlain(options);
    const connection = new Http2Connection(socket);
    await once(socket, 'connect');
    return connection.#greet();
  }

  async #greet(): Promise<this> {
    this.#write(
      preface,
      settingsFrame([
        [setting.headerTableSize, 0],
        [setting.enablePush, 0],
        [setting.initialWindowSize, streamWindow],
      ]),
      windowUpdate(0, connectionWindow - initially.windowSize),
    );
    await this.#settled.promise;
    return this;
  }

  /** Makes a call; resolves with the status when the answer has ended, rejects when the connection or the stream breaks. */
  call(call: Call): Promise<number> {
    return this.start(call).ended;
  }

  /** Makes a call that may be called off, and that may go on sending. */
  start({ headers, body, onData, onTrailers, keepsOpen = false }: Call): Started {
    const ended = Promise.withResolvers<number>();
    if (this.#failure) ended.reject(this.#failure);
    const id = this.#nextStream;
    this.#nextStream += 2;
    this.#streams.set(id, { onData, onTrailers, ended, status: 0, unacknowledged: 0 });
    const lastFlag = keepsOpen ? 0 : flag.endStream;
    const flags = flag.endHeaders | (body ? 0 : lastFlag);
    this.#write(frameHeader(frameType.headers, flags, id, headers.length), headers);
    if (body) this.#sendBody(id, body, lastFlag);
    return {
      ended: ended.promise,
      cancel: () => this.#cancel(id),
      send: (more) => this.#sendBody(id, more, 0),
    };
  }

  /** Milliseconds until the other side has answered a PING. */
  ping(): Promise<number> {
    const ping = { sent: performance.now(), answered: Promise.withResolvers<number>() };
    if (this.#failure) ping.answered.reject(this.#failure);
    else this.#pings.push(ping);
    this.#write(frameHeader(frameType.ping, 0, 0, pingBytes), Buffer.alloc(pingBytes));
    return ping.answered.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#flush();
    const closed = once(this.#socket, 'close');
    this.#socket.end();
    await closed;
  }

  #cancel(id: number): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.#streams.delete(id);
    this.#write(resetStream(id, cancelCode));
    stream.ended.reject(new Error('called off'));
  }

  #sendBody(stream: number, body: Buffer, flags: number): void {
    if (body.length > initially.maxFrameSize) throw new RangeError('a body must fit into one frame');
    if (this.#held.length > 0 || body.length > this.#sendWindow) {
      this.#held.push({ stream, body, flags });
      return;
    }
    this.#sendWindow -= body.length;
    this.#write(frameHeader(frameType.data, flags, stream, body.length), body);
  }

  #write(...frames: Buffer[]): void {
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush());
    this.#outgoing.push(...frames);
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#outgoing);
    this.#outgoing = [];
    if (bytes.length > 0 && this.#socket.writable) this.#socket.write(bytes);
  }

  #receive(chunk: Buffer): void {
    try {
      this.#frames.read(chunk);
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #readFrame({ type, flags, stream: id }: Frame, payload: Buffer): void {
    if (flags & flag.padded && (type === frameType.data || type === frameType.headers)) {
      throw new Error('padded frames are not read');
    }
    switch (type) {
      case frameType.headers:
        this.#readHeaders(id, payload, flags);
        break;
      case frameType.resetStream:
        this.#end(id, new Error(`the server reset the stream (${payload.readUInt32BE(0)})`));
        break;
      case frameType.settings:
        this.#readSettings(payload, flags);
        break;
      case frameType.ping:
        this.#readPing(payload, flags);
        break;
      case frameType.windowUpdate:
        if (id === 0) this.#widen(payload.readUInt32BE(0));
        break;
      case frameType.goAway:
        throw new Error(`the server goes away (${payload.readUInt32BE(4)}) ${payload.toString('latin1', 8)}`);
      case frameType.continuation:
        throw new Error('header blocks of several frames are not read');
    }
  }

  #readData({ stream: id, flags }: Frame, part: Buffer, isLast: boolean): void {
    this.#unacknowledged += part.length;
    if (this.#unacknowledged >= connectionWindow / 2) {
      this.#write(windowUpdate(0, this.#unacknowledged));
      this.#unacknowledged = 0;
    }
    const stream = this.#streams.get(id);
    if (!stream) return;
    if (part.length > 0) stream.onData(part);
    stream.unacknowledged += part.length;
    if (isLast && flags & flag.endStream) return this.#end(id);
    if (stream.unacknowledged < streamWindow / 2) return;
    this.#write(windowUpdate(id, stream.unacknowledged));
    stream.unacknowledged = 0;
  }

  #readHeaders(id: number, payload: Buffer, flags: number): void {
    if (flags & flag.priority) throw new Error('priorities are not read');
    const stream = this.#streams.get(id);
    if (!stream) return;
    // A second block is trailers.
    if (stream.status === 0) stream.status = statusOf(payload);
    if (!(flags & flag.endStream)) return;
    stream.onTrailers?.(payload);
    this.#end(id);
  }

  #readSettings(payload: Buffer, flags: number): void {
    if (flags & flag.ack) return this.#settled.resolve();
    for (const [id, value] of settingsOf(payload)) {
      if (id === setting.initialWindowSize && value < initially.maxFrameSize) {
        throw new Error(`a server with a window of ${value} bytes is not supported`);
      }
    }
    this.#write(frameHeader(frameType.settings, flag.ack, 0, 0));
  }

  #readPing(payload: Buffer, flags: number): void {
    if (!(flags & flag.ack))
      return this.#write(frameHeader(frameType.ping, flag.ack, 0, pingBytes), Buffer.from(payload));
    const ping = this.#pings.shift();
    ping?.answered.resolve(performance.now() - ping.sent);
  }

  #widen(bytes: number): void {
    this.#sendWindow += bytes;
    const held = this.#held;
    this.#held = [];
    for (const { stream, body, flags } of held) this.#sendBody(stream, body, flags);
  }

  #end(id: number, error?: Error): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    if (error) stream?.ended.reject(error);
    else stream?.ended.resolve(stream.status);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settled.reject(error);
    for (const id of this.#streams.keys()) this.#end(id, error);
    for (const { answered } of this.#pings.splice(0)) answered.reject(error);
  }
}
