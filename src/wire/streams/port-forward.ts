import type { IncomingMessage } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import { createWebSocketStream } from 'ws';
import { AsyncQueue, systemClock, type Clock, type Timer } from '#base';
import { SpdyConnection } from '../spdy/connection.ts';
import type { SpdyStream } from '../spdy/stream.ts';
import { acceptSpdy } from './spdy-upgrade.ts';
import { isWebSocketRequest, listHeader, type Upgrade } from './upgrade.ts';
import { acceptWebSocket } from './websocket-upgrade.ts';
import { forwardOverChannels } from './port-forward-channels.ts';

/** One connection that the client wants carried to a port of the pod. End both streams when it is over. */
export interface ForwardedPort {
  port: number;
  /** The bytes of the connection; each direction ends by itself. `for await` over it would end both. */
  data: Duplex;
  /** Takes a message for the client when the port cannot be reached. */
  error: Writable;
}

export interface PortForwardOptions {
  clock?: Clock;
  /** Ports for clients that name them in the request (the old WebSocket form); default its query's `port` and `ports`. */
  ports?: readonly number[];
}

const protocol = 'portforward.k8s.io';
const tunnelProtocol = `SPDY/3.1+${protocol}`;
const streamTimeoutMs = 30_000;

/**
 * Accepts a port-forward over SPDY, over SPDY in a WebSocket, or over the channels of a WebSocket. The iteration gives
 * each connection as the client opens it, and ends when the client is gone; breaking off closes everything. Throws an
 * `UpgradeError` when the client is refused: it has been told.
 */
export async function acceptPortForward(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: PortForwardOptions = {},
): Promise<AsyncIterable<ForwardedPort>> {
  const upgrade = { req, socket, head };
  if (!isWebSocketRequest(req)) {
    const pairs = new StreamPairs(options.clock);
    return pairs.serve(acceptSpdy(upgrade, { ...pairs.handlers, protocols: [protocol] }).connection);
  }
  if (!listHeader(req, 'sec-websocket-protocol').includes(tunnelProtocol)) {
    return forwardOverChannels(upgrade, options.ports);
  }
  return throughTunnel(upgrade, options);
}

function throughTunnel(upgrade: Upgrade, { clock }: PortForwardOptions): AsyncIterable<ForwardedPort> {
  const { socket } = acceptWebSocket(upgrade, { protocols: [tunnelProtocol] });
  const pairs = new StreamPairs(clock);
  const tunnel = createWebSocketStream(socket);
  return pairs.serve(new SpdyConnection({ socket: tunnel, server: true, ...pairs.handlers }));
}

interface Half {
  streams: Map<string, SpdyStream>;
  timer: Timer;
}

/** Each connection comes as two streams, `error` and `data`, that name the same request. */
class StreamPairs {
  readonly #clock: Clock;
  readonly #halves = new Map<string, Half>();
  readonly #ports = new AsyncQueue<ForwardedPort>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  get handlers(): { onStream: (stream: SpdyStream) => boolean; clock: Clock } {
    return { onStream: (stream) => this.#onStream(stream), clock: this.#clock };
  }

  async *serve(connection: SpdyConnection): AsyncGenerator<ForwardedPort, void> {
    void connection.closed.then(() => {
      for (const { timer } of this.#halves.values()) timer.cancel();
      return this.#ports.close();
    });
    try {
      yield* this.#ports;
    } finally {
      connection.close();
    }
  }

  #onStream(stream: SpdyStream): boolean {
    const type = stream.headers.streamtype ?? '';
    const port = portOf(stream.headers.port ?? '');
    if ((type !== 'error' && type !== 'data') || port === undefined) return false;
    const request = requestOf(stream, type);
    const half = this.#halves.get(request) ?? this.#expect(request);
    if (half.streams.has(type)) return false;
    half.streams.set(type, stream);
    const [data, error] = [half.streams.get('data'), half.streams.get('error')];
    if (!data || !error) return true;
    this.#forget(request);
    error.resume(); // the client sends nothing here but its end
    this.#ports.push({ port: portOf(data.headers.port ?? '') ?? port, data, error });
    return true;
  }

  #expect(request: string): Half {
    const streams = new Map<string, SpdyStream>();
    const timer = this.#clock.timer(streamTimeoutMs, () => {
      this.#forget(request);
      for (const stream of streams.values()) stream.destroy();
    });
    const half = { streams, timer };
    this.#halves.set(request, half);
    return half;
  }

  #forget(request: string): void {
    this.#halves.get(request)?.timer.cancel();
    this.#halves.delete(request);
  }
}

/** Clients of old send no request's name; they open `error`, then `data` two numbers later. */
function requestOf(stream: SpdyStream, type: 'error' | 'data'): string {
  return stream.headers.requestid ?? String(type === 'error' ? stream.id : stream.id - 2);
}

/** A port number in decimal, or `undefined`. */
export function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65536 ? port : undefined;
}
