import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import type { TestCluster } from './cluster.ts';
import type { Loose } from './test-namespace.ts';

/** What the API server answered. */
export interface ApiAnswer {
  status: number;
  body: Loose;
}

/** The API of a cluster over HTTPS as any program asks it, with the administrator's certificate and many connections. */
export class Api implements Disposable {
  readonly #server: string;
  readonly #agent: Agent;

  constructor(kubeconfig: string) {
    const { clusters, users }: Loose = parse(kubeconfig);
    const decoded = (value: string) => Buffer.from(value, 'base64');
    this.#server = clusters[0].cluster.server;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 64,
      ca: decoded(clusters[0].cluster['certificate-authority-data']),
      cert: decoded(users[0].user['client-certificate-data']),
      key: decoded(users[0].user['client-key-data']),
    });
  }

  static async of(cluster: TestCluster): Promise<Api> {
    return new Api(await cluster.kedge('kubeconfig', '--name', cluster.name));
  }

  /** Asks, and rejects when the connection fails before the answer is whole. */
  ask(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer>();
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const asked = request(this.#server + path, { method, headers, agent: this.#agent }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(answer) }), reject);
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
