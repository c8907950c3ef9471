import { messageOf, type Logger } from '#base';
import { FrameReader, frameOf, parseFrame } from './frames.ts';
import type { Handler, Implementation } from './handlers.ts';
import { RpcError } from './rpc-error.ts';
import type { ServerCall } from './server-call.ts';
import type { MethodData } from './service.ts';

export interface RoutesOptions {
  maxMessageLength: number;
  toRpcError(error: unknown): unknown;
  log: Logger;
}

/** What answers a path. */
type Route = (call: ServerCall) => void;

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
  answer(path: string, call: ServerCall): void {
    const route = this.#routes.get(path);
    if (route) return route(call);
    const [, service = '', method = ''] = path.split('/');
    const words = this.#services.has(service)
      ? `unknown method ${method} for service ${service}`
      : `unknown service ${service}`;
    call.finish(new RpcError('Unimplemented', words));
  }

  #route(method: MethodData, handler: Handler): Route {
    if (method.requestStream) return (call) => this.#stream(method, call, handler, this.#requests(method, call));
    return (call) =>
      this.#firstMessage(call, (payload) => {
        call.requestBytes = payload.length;
        const request = parseFrame(method.request, payload);
        if (method.responseStream) this.#stream(method, call, handler, request);
        else this.#once(method, call, handler, request);
      });
  }

  /** Hands on the first message as soon as it is whole; whatever follows is not looked at. */
  #firstMessage(call: ServerCall, take: (payload: Buffer) => void): void {
    const reader = new FrameReader(this.#options.maxMessageLength);
    let taken = false;
    call.stream.on('data', (chunk: Buffer) => {
      if (taken) return;
      try {
        const [payload] = reader.push(chunk);
        if (!payload) return;
        taken = true;
        take(payload);
      } catch (error) {
        taken = true;
        this.#fail(call, error);
      }
    });
    call.stream.on('end', () => {
      if (!taken) call.finish(new RpcError('Internal', 'the request ended without a message'));
    });
  }

  #once(method: MethodData, call: ServerCall, handler: Handler, request: unknown): void {
    (handler(request, call) as Promise<unknown>).then(
      (response) => call.answer(frameOf(method.response, response)),
      (error: unknown) => this.#fail(call, error),
    );
  }

  #stream(method: MethodData, call: ServerCall, handler: Handler, request: unknown): void {
    call.streaming = true;
    this.#sendAll(method, call, handler(request, call) as AsyncIterable<unknown>).then(
      () => call.finish(),
      (error: unknown) => this.#fail(call, error),
    );
  }

  /** Writes what the service gives, no faster than the client takes it. */
  async #sendAll(method: MethodData, call: ServerCall, answers: AsyncIterable<unknown>): Promise<void> {
    const iterator = answers[Symbol.asyncIterator]();
    // Not waited for: a service that is asleep in `next` would never answer.
    const stop = (): void => void iterator.return?.().then(undefined, () => {});
    call.signal.addEventListener('abort', stop, { once: true });
    for (;;) {
      const next = await iterator.next();
      if (next.done || call.over) return;
      if (!call.send(frameOf(method.response, next.value))) await call.drained();
    }
  }

  /** What the client sends, as it is taken: a handler that is busy holds the client back. */
  async *#requests(method: MethodData, call: ServerCall): AsyncGenerator {
    const reader = new FrameReader(this.#options.maxMessageLength);
    // Reading to the end must not destroy the half that answers.
    for await (const chunk of call.stream.iterator({ destroyOnReturn: false })) {
      for (const payload of reader.push(chunk as Buffer)) {
        call.requestBytes = payload.length;
        yield parseFrame(method.request, payload);
      }
    }
  }

  #fail(call: ServerCall, error: unknown): void {
    if (!call.over) this.#options.log.debug({ method: call.metadata(':path'), error: messageOf(error) }, 'call failed');
    call.finish(this.#options.toRpcError(error));
  }
}
