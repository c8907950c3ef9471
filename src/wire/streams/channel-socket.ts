import type { RawData, WebSocket } from 'ws';
import { Channel, type ChannelLink } from './channel.ts';

/** A message on this channel names another one, of which the sender will send no more (v5). */
const closeSignal = 255;
const zeroDigit = 0x30;

/**
 * A WebSocket that carries numbered channels: the first byte of each message is the channel's number. In the `base64`
 * protocols messages are text, their first character is a digit and the rest is base64.
 */
export class ChannelSocket {
  /** Resolves when the socket is closed, whoever closed it. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #base64: boolean;
  readonly #channels = new Map<number, Channel>();
  readonly #blocked = new Set<Channel>();
  readonly #link: ChannelLink;

  constructor(socket: WebSocket, protocol: string) {
    this.#socket = socket;
    this.#base64 = protocol.includes('base64');
    this.#link = {
      send: (number, data, done) => socket.send(this.#frame(number, data), { binary: !this.#base64 }, done),
      setBlocked: (channel, blocked) => this.#setBlocked(channel, blocked),
    };
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.#onMessage(data));
    socket.resume();
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const channel of this.#channels.values()) channel.lost();
        resolve();
      });
    });
  }

  /** Messages on a channel that nobody opened are dropped. */
  open(number: number): Channel {
    const channel = new Channel(number, this.#link);
    this.#channels.set(number, channel);
    return channel;
  }

  /** Says that nothing more comes on the channel; only for v5. */
  sendClose(number: number): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(Buffer.from([closeSignal, number]), () => {});
  }

  /** An empty message: tells the peer that the channel is there. */
  announce(number: number): void {
    this.#link.send(number, Buffer.alloc(0), () => {});
  }

  /** Closes; what channels have not yet written is lost. */
  close(): void {
    this.#socket.close(1000);
    for (const channel of this.#channels.values()) channel.resume(); // the peer's answer waits behind unread data
  }

  #frame(number: number, data: Buffer): Buffer | string {
    if (this.#base64) return String.fromCharCode(zeroDigit + number) + data.toString('base64');
    return Buffer.concat([Buffer.from([number]), data]);
  }

  #onMessage(raw: RawData): void {
    const data = toBuffer(raw);
    const first = data[0];
    if (first === undefined) return;
    if (this.#base64) {
      this.#channels.get(first - zeroDigit)?.receive(Buffer.from(data.toString('latin1', 1), 'base64'));
    } else if (first === closeSignal) {
      this.#channels.get(data[1] ?? closeSignal)?.endReading();
    } else {
      this.#channels.get(first)?.receive(data.subarray(1));
    }
  }

  #setBlocked(channel: Channel, blocked: boolean): void {
    if (blocked) this.#blocked.add(channel);
    else if (!this.#blocked.delete(channel)) return;
    if (this.#blocked.size > 0) this.#socket.pause();
    else this.#socket.resume();
  }
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
