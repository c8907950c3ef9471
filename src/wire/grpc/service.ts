import type { Message } from '../protobuf/types.ts';

/** One method of a gRPC service, as data. */
export interface MethodData {
  /** The name on the wire. */
  readonly name: string;
  readonly request: Message;
  readonly response: Message;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

declare const callOf: unique symbol;

/** A method whose implementation has the type `Call`, on the server as on the client. */
export interface Method<Call> extends MethodData {
  readonly [callOf]?: Call;
}

export interface ServiceData<M extends Readonly<Record<string, MethodData>> = Readonly<Record<string, MethodData>>> {
  /** With its package: `runtime.v1.RuntimeService`. */
  readonly name: string;
  readonly methods: M;
}

/** What implements a service, and what a client of it looks like. */
export type ServiceOf<S extends ServiceData> = {
  [K in keyof S['methods']]: S['methods'][K] extends Method<infer Call> ? Call : never;
};

/** Declares a service: `service('grpc.health.v1.Health', { check: unary('Check', ...) })`. */
export function service<const M extends Readonly<Record<string, MethodData>>>(
  name: string,
  methods: M,
): ServiceData<M> {
  return { name, methods };
}

export type Unary<Q, A> = (request: Q, signal?: AbortSignal) => Promise<A>;
/** Ends with the stream; breaking off the iteration cancels the call. */
export type ServerStream<Q, A> = (request: Q, signal?: AbortSignal) => AsyncIterable<A>;
export type Bidi<Q, A> = (requests: AsyncIterable<Q>, signal?: AbortSignal) => AsyncIterable<A>;

/** One request, one answer. */
export function unary<Q, A>(name: string, request: Message<Q>, response: Message<A>): Method<Unary<Q, A>> {
  return { name, request, response, requestStream: false, responseStream: false };
}

/** One request, many answers. */
export function serverStream<Q, A>(
  name: string,
  request: Message<Q>,
  response: Message<A>,
): Method<ServerStream<Q, A>> {
  return { name, request, response, requestStream: false, responseStream: true };
}

/** Many requests, many answers, in any order. */
export function bidi<Q, A>(name: string, request: Message<Q>, response: Message<A>): Method<Bidi<Q, A>> {
  return { name, request, response, requestStream: true, responseStream: true };
}
