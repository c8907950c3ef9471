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
}

/** Connects at the first call, and again when the connection was lost. */
export class GrpcChannel {
  readonly #target: GrpcTarget;
  #client: Promise<grpc.Client> | undefined;
  #closed = false;

  constructor(target: GrpcTarget) {
    this.#target = target;
  }

  /**
   * A client of one service. Methods throw `RpcError`; aborting their signal cancels the call. Streams start with the
   * call, not with the iteration, so that no event is missed in between; breaking off the iteration cancels them.
   */
  of<S extends ServiceData>(service: S): ServiceOf<S> {
    const entries = Object.entries(service.methods).map(([key, method]) => [key, this.#call(service, method)]);
    return Object.fromEntries(entries) as ServiceOf<S>;
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

  #call(service: ServiceData, method: MethodData): unknown {
    const codec = codecOf(service, method);
    if (!method.responseStream) {
      return (request: unknown, signal?: AbortSignal) => callOnce(this.#connected(), codec, request, signal);
    }
    return (request: unknown, signal?: AbortSignal) => {
      const call = this.#connected().then((client) => startStream(client, codec, method, request, signal));
      call.catch(() => {}); // told to whoever iterates
      return answersOf(call, signal);
    };
  }
}

interface Codec {
  path: string;
  serialize: (value: unknown) => Buffer;
  deserialize: (bytes: Buffer) => unknown;
}

function codecOf(service: ServiceData, method: MethodData): Codec {
  return {
    path: `/${service.name}/${method.name}`,
    serialize: (value) => serialize(method.request, value),
    deserialize: (bytes) => decode(method.response, bytes),
  };
}

async function connect({ address, tls, userAgent, maxMessageLength }: GrpcTarget): Promise<grpc.Client> {
  const grpc = await library();
  return new grpc.Client(address, credentialsOf(grpc, tls), {
    'grpc.max_receive_message_length': maxMessageLength ?? defaultMaxMessageLength,
    'grpc.max_send_message_length': -1,
    'grpc.enable_http_proxy': 0, // never through a proxy that the environment names
    'grpc.use_local_subchannel_pool': 1, // a closed client closes its connections
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 3000,
    ...(userAgent && { 'grpc.primary_user_agent': userAgent }),
    ...(tls?.serverName && { 'grpc.ssl_target_name_override': tls.serverName }),
  });
}

function credentialsOf(grpc: Library, tls: GrpcTarget['tls']): grpc.ChannelCredentials {
  if (!tls) return grpc.credentials.createInsecure();
  const [ca, key, cert] = [tls.ca, tls.key, tls.cert].map((pem) => (pem === undefined ? null : Buffer.from(pem)));
  return grpc.credentials.createSsl(ca, key, cert);
}

async function callOnce(
  connected: Promise<grpc.Client>,
  { path, serialize, deserialize }: Codec,
  request: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const client = await connected;
  if (signal?.aborted) throw toRpcError(signal.reason, signal);
  return new Promise((resolve, reject) => {
    const cancel = (): void => call.cancel();
    const call = client.makeUnaryRequest(path, serialize, deserialize, request, (error, value) => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(toRpcError(error, signal));
      else resolve(value);
    });
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

type StreamCall = grpc.ClientReadableStream<unknown> | grpc.ClientDuplexStream<unknown, unknown>;

function startStream(
  client: grpc.Client,
  { path, serialize, deserialize }: Codec,
  method: MethodData,
  request: unknown,
  signal: AbortSignal | undefined,
): StreamCall {
  if (!method.requestStream) {
    return watched(client.makeServerStreamRequest(path, serialize, deserialize, request), signal);
  }
  const call = client.makeBidiStreamRequest(path, serialize, deserialize);
  sendAll(call, request as AsyncIterable<unknown>).catch(() => call.cancel());
  return watched(call, signal);
}

function watched(call: StreamCall, signal: AbortSignal | undefined): StreamCall {
  const cancel = (): void => call.cancel();
  call.on('error', () => {}); // the iteration throws it
  call.once('status', () => signal?.removeEventListener('abort', cancel)); // comes last, however the call ends
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  return call;
}

async function sendAll(
  call: grpc.ClientDuplexStream<unknown, unknown>,
  requests: AsyncIterable<unknown>,
): Promise<void> {
  const over = new Promise<void>((resolve) => call.once('status', () => resolve()));
  const source = requests[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([source.next(), over]);
      if (!next || next.done) break;
      if (!call.write(next.value)) {
        await Promise.race([over, new Promise<void>((resolve) => call.once('drain', resolve))]);
      }
    }
    call.end();
  } finally {
    // Not waited for: a source that is asleep in `next` would never answer.
    source.return?.()?.then(undefined, () => {});
  }
}

async function* answersOf(started: Promise<StreamCall>, signal: AbortSignal | undefined): AsyncGenerator {
  let call: StreamCall | undefined;
  try {
    call = await started;
    for await (const answer of call.iterator({ destroyOnReturn: false })) yield answer;
  } catch (error) {
    throw toRpcError(error, signal);
  } finally {
    call?.cancel();
  }
}
