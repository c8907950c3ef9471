import { rm } from 'node:fs/promises';
import type * as grpc from '@grpc/grpc-js';
import { messageOf, silentLogger, systemClock, type Clock, type Logger } from '#base';
import { decode } from '../protobuf/decode.ts';
import { defaultMaxMessageLength, library, serialize, toServiceError, type Library } from './library.ts';
import { RpcError } from './rpc-error.ts';
import type { MethodData, ServiceData, ServiceOf } from './service.ts';

/** A service and what implements it; made by `implement`. */
export interface Implementation {
  readonly service: ServiceData;
  readonly methods: Readonly<Record<string, unknown>>;
}

/** Binds a service to an object with its methods. They are called on that object. */
export function implement<S extends ServiceData>(service: S, methods: ServiceOf<S>): Implementation {
  return { service, methods };
}

export interface GrpcServerOptions {
  services: readonly Implementation[];
  /** A unix socket, in place of whatever is there; or an address, port 0 for any. */
  listen: { socketPath: string } | { host: string; port: number };
  /** PEM; plain text without. With `clientCa`, clients must show a certificate of it. */
  tls?: { cert: string; key: string; clientCa?: string };
  maxMessageLength?: number;
  clock?: Clock;
  log?: Logger;
}

export interface GrpcServer {
  /** 0 for a unix socket. */
  port: number;
  /** Takes no more calls, ends streams with `Unavailable`, and waits a little for the rest. */
  close(): Promise<void>;
}

const closeGraceMs = 2000;

type Handler = (request: unknown, signal: AbortSignal) => Promise<unknown> | AsyncIterable<unknown>;

/** What the handlers of one server share. */
interface Serving {
  closing: AbortSignal;
  log: Logger;
}

/** Serves over gRPC. Throws when the address cannot be had. */
export async function serveGrpc(options: GrpcServerOptions): Promise<GrpcServer> {
  const grpc = await library();
  const { services, listen, clock = systemClock, log = silentLogger } = options;
  const limit = options.maxMessageLength ?? defaultMaxMessageLength;
  const server = new grpc.Server({ 'grpc.max_receive_message_length': limit, 'grpc.max_send_message_length': -1 });
  const closing = new AbortController();
  for (const { service, methods } of services) {
    server.addService(definitionOf(service), handlersOf(service, methods, { closing: closing.signal, log }));
  }
  if ('socketPath' in listen) await rm(listen.socketPath, { force: true });
  const address = 'socketPath' in listen ? `unix:${listen.socketPath}` : `${bracketed(listen.host)}:${listen.port}`;
  const port = await bind(server, address, credentialsOf(grpc, options.tls));
  return {
    port: 'socketPath' in listen ? 0 : port,
    close: () => {
      closing.abort();
      return shutDown(server, clock);
    },
  };
}

function bind(server: grpc.Server, address: string, credentials: grpc.ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function shutDown(server: grpc.Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.timer(closeGraceMs, () => server.forceShutdown());
    server.tryShutdown(() => {
      timer.cancel();
      resolve();
    });
  });
}

function credentialsOf(grpc: Library, tls: GrpcServerOptions['tls']): grpc.ServerCredentials {
  if (!tls) return grpc.ServerCredentials.createInsecure();
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa);
  const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) };
  return grpc.ServerCredentials.createSsl(ca, [pair], ca !== null);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The service as grpc-js wants it described. */
function definitionOf(service: ServiceData): grpc.ServiceDefinition {
  const entries = Object.entries(service.methods).map(([key, method]) => [key, definitionOfMethod(service, method)]);
  return Object.fromEntries(entries) as grpc.ServiceDefinition;
}

function definitionOfMethod(service: ServiceData, method: MethodData): grpc.MethodDefinition<unknown, unknown> {
  return {
    path: `/${service.name}/${method.name}`,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: (value) => serialize(method.request, value),
    requestDeserialize: (bytes) => decode(method.request, bytes),
    responseSerialize: (value) => serialize(method.response, value),
    responseDeserialize: (bytes) => decode(method.response, bytes),
  };
}

function handlersOf(
  service: ServiceData,
  methods: Readonly<Record<string, unknown>>,
  serving: Serving,
): grpc.UntypedServiceImplementation {
  const entries = Object.entries(service.methods).map(([key, method]) => {
    const handler: Handler = (request, signal) => {
      const implementation = methods[key];
      if (typeof implementation !== 'function') throw new RpcError('Unimplemented', `unknown method ${method.name}`);
      return (implementation as Handler).call(methods, request, signal);
    };
    return [key, method.responseStream ? streamHandler(method, handler, serving) : unaryHandler(handler, serving)];
  });
  return Object.fromEntries(entries) as grpc.UntypedServiceImplementation;
}

function unaryHandler(handler: Handler, { closing, log }: Serving): grpc.handleUnaryCall<unknown, unknown> {
  return (call, answer) => {
    const cancelled = new AbortController();
    call.on('cancelled', () => cancelled.abort());
    const run = async (): Promise<unknown> => handler(call.request, AbortSignal.any([cancelled.signal, closing]));
    run().then(
      (value) => answer(null, value),
      (error: unknown) => {
        log.debug({ method: call.getPath(), error }, 'call failed');
        answer(toServiceError(error));
      },
    );
  };
}

type StreamCall = grpc.ServerWritableStream<unknown, unknown> | grpc.ServerDuplexStream<unknown, unknown>;

function streamHandler(method: MethodData, handler: Handler, { closing, log }: Serving) {
  return (call: StreamCall): void => {
    const cancelled = new AbortController();
    call.on('cancelled', () => cancelled.abort());
    call.on('error', () => cancelled.abort()); // the stream is broken, and nobody else listens
    const signal = AbortSignal.any([cancelled.signal, closing]);
    const request = 'request' in call && !method.requestStream ? call.request : requestsOf(call);
    sendAll(call, () => handler(request, signal), signal).then(
      () => call.end(),
      (error: unknown) => {
        if (!signal.aborted) log.debug({ method: call.getPath(), error: messageOf(error) }, 'stream failed');
        call.emit('error', toServiceError(error)); // this is how grpc-js is told to end with a status
      },
    );
  };
}

/** Reading to the end must not destroy the half that answers. */
function requestsOf(call: StreamCall): AsyncIterable<unknown> {
  const readable = call as grpc.ServerDuplexStream<unknown, unknown>; // the method said so
  return { [Symbol.asyncIterator]: () => readable.iterator({ destroyOnReturn: false }) };
}

/** Writes what the service gives, no faster than the client takes it; stops at the signal, whatever the service does. */
async function sendAll(call: StreamCall, start: () => unknown, signal: AbortSignal): Promise<void> {
  const answers = (start() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const stopped = aborted(signal);
  try {
    for (;;) {
      const next = await Promise.race([answers.next(), stopped.promise]);
      if (next.done) return;
      if (!call.write(next.value)) await Promise.race([drained(call), stopped.promise]);
    }
  } finally {
    stopped.release();
    // Not waited for: a service that is asleep in `next` would never answer.
    answers.return?.()?.then(undefined, () => {});
  }
}

function drained(call: StreamCall): Promise<void> {
  return new Promise((resolve) => call.once('drain', resolve));
}

function aborted(signal: AbortSignal): { promise: Promise<never>; release: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new RpcError('Unavailable', 'the call was ended'));
  promise.catch(() => {}); // when nothing waits for it
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { promise, release: () => signal.removeEventListener('abort', stop) };
}
