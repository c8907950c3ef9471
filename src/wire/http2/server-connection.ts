import type { Socket } from 'node:net';
import { errorCodes, Http2Error } from './errors.ts';
import {
  contentOf,
  flags,
  frameOf,
  frameTypes,
  FrameSplitter,
  settings,
  windowUpdateOf,
  type Frame,
} from './frames.ts';
import { maxHeaderListBytes } from './hpack-decoder.ts';
import { HeaderBlocks, type HeaderBlock } from './header-blocks.ts';
import { Outgoing } from './outgoing.ts';
import type { Piece } from './piece.ts';
import { ReceiveWindow } from './receive-window.ts';
import { ResetBudget } from './reset-budget.ts';
import { ServerStream, type StreamConnection } from './server-stream.ts';

export interface ServerConnectionOptions {
  socket: Socket;
  /** Milliseconds of a clock that never goes back. */
  elapsed: () => number;
  onStream: (stream: ServerStream) => void;
  /** What the client did that it may not. */
  onFailure: (error: Error) => void;
  /** Bytes that a client may send before they were consumed: on one stream, and on all together. */
  streamWindowBytes?: number;
  connectionWindowBytes?: number;
  /** Further streams are refused, as the client is told beforehand. Default: as many as it likes. */
  maxConcurrentStreams?: number;
}

const firstWindow = 65_535;
const maxWindow = 2 ** 31 - 1;
const defaultStreamWindowBytes = 1024 * 1024;
const defaultConnectionWindowBytes = 16 * 1024 * 1024;
/** What may wait for a client that asks and does not read. */
const maxWaitingBytes = 16 * 1024 * 1024;

/** The server's end of a connection of HTTP/2 (RFC 9113), over a socket that is connected, and through with TLS. */
export class ServerConnection implements StreamConnection {
  readonly socket: Socket;
  readonly streamWindowBytes: number;
  sendWindow = firstWindow;
  readonly #options: ServerConnectionOptions;
  readonly #splitter = new FrameSplitter();
  readonly #blocks = new HeaderBlocks();
  readonly #streams = new Map<number, ServerStream>();
  readonly #waiting = new Set<ServerStream>();
  readonly #resets: ResetBudget;
  #streamWindow = firstWindow;
  readonly #receiveWindow: ReceiveWindow;
  #lastId = 0;
  readonly #out: Outgoing;
  #closing = false;
  #failed = false;

  constructor(options: ServerConnectionOptions) {
    this.socket = options.socket;
    this.#options = options;
    this.streamWindowBytes = options.streamWindowBytes ?? defaultStreamWindowBytes;
    const connectionWindowBytes = options.connectionWindowBytes ?? defaultConnectionWindowBytes;
    this.#receiveWindow = new ReceiveWindow(connectionWindowBytes, (bytes) => this.write(windowUpdateOf(0, bytes)));
    this.#resets = new ResetBudget(options.elapsed);
    this.#out = new Outgoing(options.socket, () => this.#pumpWaiting());
    this.socket.on('close', () => this.#closeStreams());
    this.socket.on('end', () => this.socket.destroySoon());
    this.socket.on('data', (bytes: Buffer) => this.receive(bytes));
    this.#greet(connectionWindowBytes);
  }

  get congested(): boolean {
    return this.#out.congested;
  }

  /** Takes bytes of the client. */
  receive(bytes: Buffer): void {
    if (this.#failed) return;
    try {
      this.#splitter.push(bytes, (frame) => this.#take(frame));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Takes no more streams; ends when those there are have ended. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#goAway('NO_ERROR');
    if (this.#streams.size === 0) this.#end();
  }

  write(frame: Piece): void {
    this.#out.write(frame);
  }

  await(stream: ServerStream): void {
    this.#waiting.add(stream);
  }

  forget(stream: ServerStream): void {
    this.#streams.delete(stream.id);
    this.#waiting.delete(stream);
    if (this.#closing && this.#streams.size === 0) this.#end();
  }

  /** The client may send as much again, on whichever stream. */
  consumed(bytes: number): void {
    this.#receiveWindow.consumed(bytes);
  }

  #greet(connectionWindowBytes: number): void {
    const { maxConcurrentStreams } = this.#options;
    const ours = [
      setting(settings.INITIAL_WINDOW_SIZE, this.streamWindowBytes),
      setting(settings.MAX_HEADER_LIST_SIZE, maxHeaderListBytes),
    ];
    if (maxConcurrentStreams !== undefined) ours.push(setting(settings.MAX_CONCURRENT_STREAMS, maxConcurrentStreams));
    this.write(frameOf(frameTypes.SETTINGS, 0, 0, Buffer.concat(ours)));
    this.write(windowUpdateOf(0, connectionWindowBytes - firstWindow));
  }

  #take(frame: Frame): void {
    this.#blocks.check(frame);
    switch (frame.type) {
      case frameTypes.DATA:
        return this.#takeData(frame);
      case frameTypes.HEADERS:
        return this.#takeHeaders(this.#blocks.begin(frame));
      case frameTypes.CONTINUATION:
        return this.#takeHeaders(this.#blocks.continue(frame));
      case frameTypes.RST_STREAM:
        return this.#takeReset(frame);
      case frameTypes.SETTINGS:
        return this.#takeSettings(frame);
      case frameTypes.PING:
        return this.#takePing(frame);
      case frameTypes.WINDOW_UPDATE:
        return this.#takeWindow(frame);
      case frameTypes.PUSH_PROMISE:
        throw new Http2Error('PROTOCOL_ERROR', 'a client promises nothing');
      default: // priorities, a client that goes, and what we do not know
    }
  }

  #takeData(frame: Frame): void {
    const { streamId, payload } = frame;
    this.#receiveWindow.receive(payload.length);
    const stream = this.#known(streamId);
    if (!stream) return this.consumed(payload.length); // it ended while this was on its way
    stream.receive(contentOf(frame, 0), payload.length);
    if (frame.flags & flags.END_STREAM) stream.receiveEnd();
  }

  #takeHeaders(block: HeaderBlock | undefined): void {
    if (!block) return; // more of it is to come
    const { streamId, ended, headers } = block;
    if (streamId <= this.#lastId) {
      if (ended) this.#streams.get(streamId)?.receiveEnd(); // trailers tell us nothing
      return;
    }
    this.#lastId = streamId;
    const stream = new ServerStream(this, { id: streamId, headers, sendWindow: this.#streamWindow, hasBody: !ended });
    const { maxConcurrentStreams = Infinity } = this.#options;
    if (this.#closing || this.#streams.size >= maxConcurrentStreams) return stream.reset('REFUSED_STREAM');
    this.#streams.set(streamId, stream);
    this.#options.onStream(stream);
    if (ended) stream.receiveEnd();
  }

  #takeReset({ streamId, payload }: Frame): void {
    if (payload.length !== 4) throw new Http2Error('FRAME_SIZE_ERROR', 'a reset has four bytes');
    const stream = this.#known(streamId);
    if (!stream) return;
    if (!this.#resets.spend()) throw new Http2Error('ENHANCE_YOUR_CALM', 'too many calls are cancelled');
    stream.close();
  }

  #takeSettings({ flags: set, streamId, payload }: Frame): void {
    if (streamId !== 0) throw new Http2Error('PROTOCOL_ERROR', 'settings are those of the connection');
    if (payload.length % 6 !== 0) throw new Http2Error('FRAME_SIZE_ERROR', 'a setting has six bytes');
    if (set & flags.ACK) return;
    // First, so that what a wider window lets through comes behind it.
    this.#acknowledge(frameTypes.SETTINGS, Buffer.alloc(0));
    for (let at = 0; at < payload.length; at += 6) {
      if (payload.readUInt16BE(at) === settings.INITIAL_WINDOW_SIZE) this.#setWindow(payload.readUInt32BE(at + 2));
    }
  }

  #setWindow(bytes: number): void {
    if (bytes > maxWindow) throw new Http2Error('FLOW_CONTROL_ERROR', 'a window is too wide');
    const more = bytes - this.#streamWindow;
    this.#streamWindow = bytes;
    for (const stream of this.#streams.values()) stream.widen(more);
  }

  #takePing({ flags: set, payload }: Frame): void {
    if (payload.length !== 8) throw new Http2Error('FRAME_SIZE_ERROR', 'a ping has eight bytes');
    if (!(set & flags.ACK)) this.#acknowledge(frameTypes.PING, payload);
  }

  #acknowledge(type: number, payload: Buffer): void {
    if (this.socket.writableLength > maxWaitingBytes)
      throw new Http2Error('ENHANCE_YOUR_CALM', 'a client that asks must read');
    this.write(frameOf(type, flags.ACK, 0, payload));
  }

  #takeWindow({ streamId, payload }: Frame): void {
    if (payload.length !== 4) throw new Http2Error('FRAME_SIZE_ERROR', 'a window has four bytes');
    const more = payload.readUInt32BE() & 0x7fff_ffff;
    if (more === 0) throw new Http2Error('PROTOCOL_ERROR', 'a window must grow');
    if (streamId !== 0) return this.#known(streamId)?.widen(more);
    this.sendWindow += more;
    if (this.sendWindow > maxWindow) throw new Http2Error('FLOW_CONTROL_ERROR', 'a window is too wide');
    this.#pumpWaiting();
  }

  /** The stream, or none when it has ended. Throws when it never began. */
  #known(id: number): ServerStream | undefined {
    if (id === 0 || id > this.#lastId) throw new Http2Error('PROTOCOL_ERROR', `stream ${id} has not begun`);
    return this.#streams.get(id);
  }

  #pumpWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const stream of waiting) stream.pump();
  }

  #goAway(code: keyof typeof errorCodes): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(this.#lastId);
    payload.writeUInt32BE(errorCodes[code], 4);
    this.write(frameOf(frameTypes.GOAWAY, 0, 0, payload));
  }

  #fail(error: Error): void {
    this.#failed = true;
    this.#options.onFailure(error);
    this.#goAway(error instanceof Http2Error ? error.code : 'INTERNAL_ERROR');
    this.#end();
    this.#closeStreams();
  }

  #end(): void {
    this.#out.flush();
    this.socket.destroySoon();
  }

  #closeStreams(): void {
    for (const stream of this.#streams.values()) stream.close();
  }
}

function setting(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}
