import { messageOf, type Logger } from '#base';
import { frameOf, EncodedMessages, parseFrame } from './frames.ts';
import type { Handler, Implementation } from './handlers.ts';
import { AllMessages, FirstMessage } from './request-messages.ts';
import { RpcError } from './rpc-error.ts';
import type { ServerCall } from './server-call.ts';
import type { MethodData } from './service.ts';

export interface RoutesOptions {
  maxMessageLength: number;
  toRpcError: (error: unknown) => unknown;
  log: Logger;
}

/** Begins to listen to a call, and answers it; tells once its stream is closed. */
type Route = (call: ServerCall, onClose: () => void) => void;

/** The methods of a server's services by their paths, and how each kind of call is played. */
export class GrpcRoutes {
  readonly #options: RoutesOptions;
  readonly #routes = new Map<string, Route>();
  readonly #services = new Set<string>();

  constructor(implementations: readonly Implementation[], options: RoutesOptions) {
    this.#options = options;
    for (const { service, handlers } of implementations) {
      this.#services.add(service.name);
      for (const [key, method] of Object.entries(service.methods)) {
        const handler = handlers[key];
        if (handler) this.#routes.set(`/${service.name}/${method.name}`, this.#route(method, handler));
      }
    }
  }

  /** Answers a call; one that nobody implements in grpc-go's words. */
  answer(path: string, call: ServerCall, onClose: () => void): void {
    const route = this.#routes.get(path) ?? unimplemented(path, this.#services);
    route(call, onClose);
  }

  #route(method: MethodData, handler: Handler): Route {
    const { maxMessageLength } = this.#options;
    if (method.requestStream)
      return (call, onClose) => {
        const payloads = new AllMessages(call.stream, maxMessageLength, onClose);
        call.stream.listener = payloads;
        this.#stream(method, call, handler, requestsOf(method, call, payloads));
      };
    return (call, onClose) => {
      call.stream.listener = new FirstMessage(call.stream, maxMessageLength, {
        message: (payload) => {
          call.requestBytes = payload.length;
          const request = parseFrame(method.request, payload);
          if (method.responseStream) this.#stream(method, call, handler, request);
          else void this.#once(method, call, handler, request);
        },
        failure: (error) => this.#fail(call, error),
        close: onClose,
      });
    };
  }

  async #once(method: MethodData, call: ServerCall, handler: Handler, request: unknown): Promise<void> {
    try {
      const response = await (handler(request, call) as Promise<unknown>);
      call.send(frameOf(method.response, response));
      call.finish();
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #stream(method: MethodData, call: ServerCall, handler: Handler, request: unknown): void {
    call.streaming = true;
    this.#sendAll(method, call, handler, request).then(
      () => call.finish(),
      (error: unknown) => this.#fail(call, error),
    );
  }

  /** Writes what the service gives, no faster than the client takes it. */
  async #sendAll(method: MethodData, call: ServerCall, handler: Handler, request: unknown): Promise<void> {
    const iterator = (handler(request, call) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    // Not waited for: a service that is asleep in `next` would never answer.
    const stop = (): void => void iterator.return?.().then(undefined, () => {});
    call.signal.addEventListener('abort', stop, { once: true });
    for (;;) {
      const next = await iterator.next();
      if (next.done || call.over) return;
      const { value } = next;
      const frames = value instanceof EncodedMessages ? value.chunks : [frameOf(method.response, value)];
      if (!call.send(...frames)) await call.stream.drained();
    }
  }

  #fail(call: ServerCall, error: unknown): void {
    if (!call.over) this.#options.log.debug({ method: call.metadata(':path'), error: messageOf(error) }, 'call failed');
    call.finish(this.#options.toRpcError(error));
  }
}

async function* requestsOf(method: MethodData, call: ServerCall, payloads: AsyncIterable<Buffer>): AsyncGenerator {
  for await (const payload of payloads) {
    call.requestBytes = payload.length;
    yield parseFrame(method.request, payload);
  }
}

function unimplemented(path: string, services: ReadonlySet<string>): Route {
  const [, service = '', method = ''] = path.split('/');
  const words = services.has(service)
    ? `unknown method ${method} for service ${service}`
    : `unknown service ${service}`;
  return (call, onClose) => {
    call.stream.listener = { data: () => {}, end: () => {}, close: onClose };
    call.finish(new RpcError('Unimplemented', words));
  };
}
