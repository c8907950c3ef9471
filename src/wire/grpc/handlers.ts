import type { EncodedMessages } from './frames.ts';
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
  ? (request: Q, call: CallContext) => AnswerOf<A>
  : never;

/** Who gives many answers may give some that are encoded already. */
type AnswerOf<A> = A extends AsyncIterable<infer M> ? AsyncIterable<M | EncodedMessages> : A;

/** What answers the calls of a service, each with its context. */
export type HandlersOf<S extends ServiceData> = {
  [K in keyof ServiceOf<S>]: HandlerOf<ServiceOf<S>[K]>;
};

/** Binds a service to an object that is also a client of it. Its methods are called on that object. */
export function implement<S extends ServiceData>(service: S, methods: ServiceOf<S>): Implementation {
  type Method = (request: unknown, signal: AbortSignal) => ReturnType<Handler>;
  return bind(service, methods, (method: Method) => (request, call) => method(request, call.signal));
}

/** Binds a service to an object whose methods look at the call itself: who calls, with which metadata. */
export function handle<S extends ServiceData>(service: S, handlers: HandlersOf<S>): Implementation {
  return bind(service, handlers, (method: Handler) => method);
}

function bind(service: ServiceData, object: object, toHandler: (method: never) => Handler): Implementation {
  // Its methods are of the shape that `toHandler` takes, by the type of the service.
  const methods = object as Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>;
  const entries = Object.keys(service.methods).map((key) => {
    const method = methods[key]?.bind(object);
    return [key, method && toHandler(method as never)] as const;
  });
  return { service, handlers: Object.fromEntries(entries) };
}
