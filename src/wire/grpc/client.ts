import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type * as grpc from '@grpc/grpc-js';
import { decode } from '../protobuf/decode.ts';
import { defaultMaxMessageLength, library, serialize, toRpcError, type Library } from './library.ts';
import type { MethodData, ServiceData, ServiceOf } from './service.ts';

export interface GrpcTarget {
  /** `unix:/path`, or `host:port`. */
  address: string;
  /** PEM; plain text without `tls`. */
  tls?: { ca?: string; cert?: string; key?: string; serverName?: string };
  userAgent?: string;
  maxMessageLength?: number;
  /** Asks a silent connection whether it lives, and gives it up when no answer comes. Servers may refuse to be asked often. */
  keepAlive?: { intervalMs: number; timeoutMs: number };
}

export interface CallOptions {
  /** Sent with every call. */
  metadata?: Readonly<Record<string, string>>;
  /** Calls wait for a server that is away, until their signals abort; else they fail with `Unavailable` at once. */
  waitForReady?: boolean;
}

/** Connects at the first call, and again when the connection was lost. */
export class GrpcChannel {
  readonly #target: GrpcTarget;
  #client: Promise<grpc.Client> | undefined;
  #connecting: Promise<void> | undefined;
  #disconnecting: Promise<void> | undefined;
  #closed = false;

  constructor(target: GrpcTarget) {
    this.#target = target;
  }

  /**
   * A client of one service. Methods throw `RpcError`; aborting their signal cancels the call. Streams start with the
   * call, not with the iteration, so that no event is missed in between; breaking off the iteration cancels them.
   */
  of<S extends ServiceData>(service: S, options: CallOptions = {}): ServiceOf<S> {
    const entries = Object.entries(service.methods).map(([key, method]) => [key, this.#call(service, method, options)]);
    return Object.fromEntries(entries) as ServiceOf<S>;
  }

  /** Resolves once there is a connection, however long that takes; rejects when the channel is closed. */
  connected(): Promise<void> {
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** Resolves once there is no connection. */
  disconnected(): Promise<void> {
    this.#disconnecting ??= this.#disconnect().finally(() => (this.#disconnecting = undefined));
    return this.#disconnecting;
  }

  /** Fails the calls that are not over, and those that come. */
  async close(): Promise<void> {
    this.#closed = true;
    (await this.#client)?.close();
  }

  async #connected(): Promise<grpc.Client> {
    if (this.#closed) throw toRpcError({ code: 14, details: 'the client is closed' });
    this.#client ??= connect(this.#target);
    return this.#client;
  }

  async #connect(): Promise<void> {
    const grpc = await library();
    const channel = (await this.#connected()).getChannel();
    for (;;) {
      const state = channel.getConnectivityState(true);
      if (state === grpc.connectivityState.READY) return;
      if (state === grpc.connectivityState.SHUTDOWN) throw toRpcError({ code: 14, details: 'the client is closed' });
      await new Promise<void>((resolve) => channel.watchConnectivityState(state, Infinity, () => resolve()));
    }
  }

  async #disconnect(): Promise<void> {
    const { READY } = (await library()).connectivityState;
    const channel = (await this.#client)?.getChannel();
    if (!channel || channel.getConnectivityState(false) !== READY) return;
    await new Promise<void>((resolve) => channel.watchConnectivityState(READY, Infinity, () => resolve()));
  }

  #call(service: ServiceData, method: MethodData, options: CallOptions): unknown {
    const codec = codecOf(service, method, options);
    if (!method.responseStream) {
      return (request: unknown, signal?: AbortSignal) => callOnce(this.#connected(), codec, request, signal);
    }
    return (request: unknown, signal?: AbortSignal) => {
      const start = async (): Promise<StreamCall> => {
        const client = await this.#connected();
        return startStream(client, codec, metadataOf(await library(), codec), { method, request, signal });
      };
      const call = start();
      call.catch(() => {}); // told to whoever iterates
      return answersOf(call, signal);
    };
  }
}

interface Codec {
  path: string;
  serialize: (value: unknown) => Buffer;
  deserialize: (bytes: Buffer) => unknown;
  options: CallOptions;
}

function codecOf(service: ServiceData, method: MethodData, options: CallOptions): Codec {
  return {
    options,
    path: `/${service.name}/${method.name}`,
    serialize: (value) => serialize(method.request, value),
    deserialize: (bytes) => decode(method.response, bytes),
  };
}

function metadataOf(grpc: Library, { options: { metadata = {}, waitForReady = false } }: Codec): grpc.Metadata {
  const sent = new grpc.Metadata({ waitForReady });
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  return sent;
}

async function connect(target: GrpcTarget): Promise<grpc.Client> {
  const { address, tls, userAgent, maxMessageLength, keepAlive } = target;
  const grpc = await library();
  const serverName = tls?.serverName ?? nameForAddress(address);
  return new grpc.Client(address, credentialsOf(grpc, target), {
    'grpc.max_receive_message_length': maxMessageLength ?? defaultMaxMessageLength,
    'grpc.max_send_message_length': -1,
    'grpc.enable_http_proxy': 0, // never through a proxy that the environment names
    'grpc.use_local_subchannel_pool': 1, // a closed client closes its connections
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 3000,
    ...(userAgent && { 'grpc.primary_user_agent': userAgent }),
    ...(tls && serverName && { 'grpc.ssl_target_name_override': serverName }),
    ...(keepAlive && {
      'grpc.keepalive_time_ms': keepAlive.intervalMs,
      'grpc.keepalive_timeout_ms': keepAlive.timeoutMs,
    }),
  });
}

function credentialsOf(grpc: Library, { address, tls }: GrpcTarget): grpc.ChannelCredentials {
  if (!tls) return grpc.credentials.createInsecure();
  const [ca, key, cert] = [tls.ca, tls.key, tls.cert].map((pem) => (pem === undefined ? null : Buffer.from(pem)));
  const ip = tls.serverName === undefined ? ipOf(address) : undefined;
  return grpc.credentials.createSsl(ca, key, cert, {
    ...(ip && { checkServerIdentity: (_name, certificate) => checkServerIdentity(ip, certificate) }),
  });
}

/** TLS has no way to ask for an address by name (RFC 6066), and Node.js warns of it: a name that nobody has stands for it. */
function nameForAddress(address: string): string | undefined {
  const ip = ipOf(address);
  return ip && `${ip.replaceAll(/[.:]/g, '-')}.invalid`;
}

function ipOf(address: string): string | undefined {
  const host = address.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return isIP(host) ? host : undefined;
}

async function callOnce(
  connected: Promise<grpc.Client>,
  codec: Codec,
  request: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { path, serialize, deserialize } = codec;
  const client = await connected;
  const metadata = metadataOf(await library(), codec);
  if (signal?.aborted) throw toRpcError(signal.reason, signal);
  return new Promise((resolve, reject) => {
    const cancel = (): void => call.cancel();
    const call = client.makeUnaryRequest(path, serialize, deserialize, request, metadata, (error, value) => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(toRpcError(error, signal));
      else resolve(value);
    });
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

type StreamCall = grpc.ClientReadableStream<unknown> | grpc.ClientDuplexStream<unknown, unknown>;

interface Streaming {
  method: MethodData;
  request: unknown;
  signal: AbortSignal | undefined;
}

function startStream(
  client: grpc.Client,
  { path, serialize, deserialize }: Codec,
  metadata: grpc.Metadata,
  { method, request, signal }: Streaming,
): StreamCall {
  if (!method.requestStream) {
    return watched(client.makeServerStreamRequest(path, serialize, deserialize, request, metadata), signal);
  }
  const call = client.makeBidiStreamRequest(path, serialize, deserialize, metadata);
  sendAll(call, request as AsyncIterable<unknown>).catch(() => call.cancel());
  return watched(call, signal);
}

/** How a stream ended, where it failed. */
const failures = new WeakMap<StreamCall, unknown>();

function watched(call: StreamCall, signal: AbortSignal | undefined): StreamCall {
  const cancel = (): void => call.cancel();
  call.on('error', (error) => failures.set(call, error)); // it may come before anybody iterates
  call.once('status', () => signal?.removeEventListener('abort', cancel)); // comes last, however the call ends
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  return call;
}

async function sendAll(
  call: grpc.ClientDuplexStream<unknown, unknown>,
  requests: AsyncIterable<unknown>,
): Promise<void> {
  const life = new CallLife(call);
  const source = requests[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await life.during(source.next());
      if (!next || next.done) break;
      if (!call.write(next.value)) await life.during(new Promise<void>((resolve) => call.once('drain', resolve)));
    }
    call.end();
  } finally {
    // Not waited for: a source that is asleep in `next` would never answer.
    source.return?.()?.then(undefined, () => {});
  }
}

/**
 * Waits for things while a call lasts. Not by a race with a promise of its end: that would keep something of every wait
 * for as long as the call lasts, and a stream of watches lasts for months.
 */
class CallLife {
  #isOver = false;
  #end: (() => void) | undefined;

  constructor(call: StreamCall) {
    call.once('status', () => {
      this.#isOver = true;
      this.#end?.();
    });
  }

  /** What the promise gives; undefined when the call is over first. */
  during<T>(waited: Promise<T>): Promise<T | undefined> {
    if (this.#isOver) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#end = () => resolve(undefined);
      waited.then(resolve, reject);
    });
  }
}

async function* answersOf(started: Promise<StreamCall>, signal: AbortSignal | undefined): AsyncGenerator {
  let call: StreamCall | undefined;
  try {
    call = await started;
    for await (const answer of call.iterator({ destroyOnReturn: false })) yield answer;
    if (failures.has(call)) throw failures.get(call);
  } catch (error) {
    throw toRpcError(error, signal);
  } finally {
    call?.cancel();
  }
}
