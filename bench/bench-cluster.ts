import { join } from 'node:path';
import { execute, silentLogger } from '#base';
import { Client, httpTransport, type Transport } from '#client';
import { kubectlPath } from '../test/support/tools.ts';
import { Home } from './home.ts';
import { readAccess } from './kubeconfig.ts';

/** A cluster of one node, brought up by `kedge up` for a measurement; gone when it is disposed of. */
export class BenchCluster implements AsyncDisposable {
  readonly home: Home;
  readonly client: Client;
  /** What `kedge up` printed. */
  readonly printed: string;
  readonly #transport: Transport;

  private constructor(home: Home, transport: Transport, printed: string) {
    this.home = home;
    this.#transport = transport;
    this.client = new Client({ transport, component: 'bench' });
    this.printed = printed;
  }

  static async up(directory: string): Promise<BenchCluster> {
    return BenchCluster.upIn(await Home.make(directory));
  }

  /** Brings it up in a home that is there; the home is the cluster's from now on. */
  static async upIn(home: Home): Promise<BenchCluster> {
    try {
      const printed = await home.kedge('up', '--name', 'bench');
      const { server, ca, cert, key } = await readAccess(home.kubeconfig);
      return new BenchCluster(home, httpTransport({ server, ca, cert, key, log: silentLogger }), printed);
    } catch (error) {
      await home[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs the kubectl that the tests have. */
  async kubectl(...args: string[]): Promise<string> {
    return execute([await kubectlPath('1.35'), ...args], { env: this.home.env });
  }

  /** A file in the home, for a manifest. */
  path(name: string): string {
    return join(this.home.directory, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.close?.();
    await this.home[Symbol.asyncDispose]();
  }
}
