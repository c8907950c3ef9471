import http2, { type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import type { Clock, Logger, Timer } from '#base';
import { Backoff } from '../backoff.ts';

/** How to reach and trust a server, and who we are. PEM texts. */
export interface Endpoint {
  /** `https://host:port`; `http://` speaks HTTP/2 in clear text. */
  server: string;
  ca?: string;
  cert?: string;
  key?: string;
}

/** How often the server is asked for a sign of life, and how long it may take (client-go's HTTP/2 defaults). */
const pingIntervalMs = 30_000;
const pingTimeoutMs = 15_000;
const connectTimeoutMs = 30_000;

/** A LIST of thousands of objects should not wait for window updates. */
const streamWindow = 4 * 1024 * 1024;
const sessionWindow = 16 * 1024 * 1024;

/**
 * One HTTP/2 session to one server, made anew when it breaks. A server that says GOAWAY keeps the calls it has, new
 * calls go to a new session. The server is pinged, and given up when it
 * does not answer.
 */
export class Connection {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #backoff: Backoff;
  #session: Promise<ClientHttp2Session> | undefined;
  #live: ClientHttp2Session | undefined;
  #notBefore = 0;
  #open = new Set<ClientHttp2Session>();
  #closing = new AbortController();

  constructor({ endpoint, clock, log }: { endpoint: Endpoint; clock: Clock; log: Logger }) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#log = log;
    this.#backoff = new Backoff({ clock, initialMs: 50, maxMs: 5000 });
  }

  /** Opens a stream; rejects when no session can be had. The caller ends the stream's writing side. */
  async stream(headers: OutgoingHttpHeaders): Promise<ClientHttp2Stream> {
    const session = await this.#current();
    return session.request(headers, { endStream: false });
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the client was closed'));
    for (const session of this.#open) session.destroy();
    await this.#session?.catch(() => {});
  }

  #current(): Promise<ClientHttp2Session> {
    this.#session ??= this.#connect();
    return this.#session;
  }

  async #connect(): Promise<ClientHttp2Session> {
    try {
      const waitMs = this.#notBefore - this.#clock.elapsed();
      if (waitMs > 0) await this.#clock.sleep(waitMs, this.#closing.signal);
      this.#closing.signal.throwIfAborted();
      const session = await this.#dial();
      this.#live = session;
      this.#backoff.reset();
      this.#notBefore = 0;
      return session;
    } catch (error) {
      this.#session = undefined;
      this.#notBefore = this.#clock.elapsed() + this.#backoff.failed();
      throw new Error(`cannot reach ${this.#endpoint.server}: ${error instanceof Error ? error.message : 'failed'}`, {
        cause: error,
      });
    }
  }

  #dial(): Promise<ClientHttp2Session> {
    const { server, ...credentials } = this.#endpoint;
    const session = http2.connect(server, { ...credentials, settings: { initialWindowSize: streamWindow } });
    const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>();
    this.#open.add(session);
    const timeout = this.#clock.timer(connectTimeoutMs, () => session.destroy(new Error('connect timed out')));
    session.once('connect', () => {
      timeout.cancel();
      session.setLocalWindowSize(sessionWindow);
      this.#watchLife(session);
      resolve(session);
    });
    session.on('error', reject); // after the connect, what matters is the close that follows
    session.once('goaway', () => this.#forget(session, 'the server said goaway'));
    session.once('close', () => {
      timeout.cancel();
      this.#open.delete(session);
      this.#forget(session, 'connection closed');
      reject(new Error('connection closed'));
    });
    return promise;
  }

  /** New calls no longer go to this session. */
  #forget(session: ClientHttp2Session, why: string): void {
    if (this.#live !== session) return;
    this.#live = undefined;
    this.#session = undefined;
    this.#log.debug({ server: this.#endpoint.server }, why);
  }

  /** Pings at intervals; a connection whose other end is gone would else stay "open" until the kernel gives up. */
  #watchLife(session: ClientHttp2Session): void {
    let timer: Timer;
    const ask = (): void => {
      if (session.destroyed) return;
      timer = this.#clock.timer(pingTimeoutMs, () => session.destroy(new Error('the server does not answer a ping')));
      session.ping((error) => {
        timer.cancel();
        if (!error && !session.destroyed) timer = this.#clock.timer(pingIntervalMs, ask);
      });
    };
    timer = this.#clock.timer(pingIntervalMs, ask);
    session.once('close', () => timer.cancel());
  }
}
