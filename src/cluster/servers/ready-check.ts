import { Agent, get } from 'node:https';

/** Asks API servers whether they are ready (`/readyz`), each over a connection that is kept. */
export class ReadyCheck implements Disposable {
  readonly #agent: Agent;

  /** `caPem` signed their certificates. */
  constructor(caPem: string) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca: caPem, servername: 'kubernetes' });
  }

  /** Rejects when a server does not say that it is. */
  check({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const request = get({ host, port, path: '/readyz', agent: this.#agent, signal }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`/readyz is answered with ${response.statusCode}`));
    });
    request.on('error', reject);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
