import type { CallContext } from './server-call.ts';
import type { ServiceData, ServiceOf } from './service.ts';

/** A service and what implements it; made by `implement` or `handle`. */
export interface Implementation {
  readonly service: ServiceData;
  /** What answers a method, by its key in the service. */
  readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

export type Handler = (request: unknown, call: CallContext) => Promise<unknown> | AsyncIterable<unknown>;

type HandlerOf<Call> = Call extends (request: infer Q, ...rest: never[]) => infer A
  ? (request: Q, call: CallContext) => A
  : never;

/** What answers the calls of a service, each with its context. */
export type HandlersOf<S extends ServiceData> = {
  [K in keyof ServiceOf<S>]: HandlerOf<ServiceOf<S>[K]>;
};

/** Binds a service to an object that is also a client of it. Its methods are called on that object. */
export function implement<S extends ServiceData>(service: S, methods: ServiceOf<S>): Implementation {
  const byName = methods as Readonly<Record<string, unknown>>;
  const entries = Object.keys(service.methods).map((key) => [key, handlerIn(byName, key)] as const);
  return { service, handlers: Object.fromEntries(entries) };
}

function handlerIn(methods: Readonly<Record<string, unknown>>, key: string): Handler | undefined {
  type Call = (request: unknown, signal: AbortSignal) => ReturnType<Handler>;
  const method = methods[key];
  // The static type of the service held the object to methods of this shape.
  if (typeof method === 'function') return (request, call) => (method as Call).call(methods, request, call.signal);
  return undefined;
}

/** Binds a service to functions that look at the call itself: who calls, with which metadata. */
export function handle<S extends ServiceData>(service: S, handlers: HandlersOf<S>): Implementation {
  return { service, handlers: handlers as Readonly<Record<string, Handler>> };
}
