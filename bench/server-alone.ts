import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ClusterConfig } from '#cluster';
import { freePort, stop } from './child.ts';
import { Home, kedgeProgram } from './home.ts';
import { ApiConnection } from './api-connection.ts';
import { readAccess } from './kubeconfig.ts';
import { until } from './until.ts';

const name = 'bench';
const logFile = 'server.log';

/** The server process of a cluster that has no nodes: store, API server, controllers and scheduler. */
export class ServerAlone implements AsyncDisposable {
  readonly #home: Home;
  readonly #process: ChildProcess;

  private constructor(home: Home, process: ChildProcess) {
    this.#home = home;
    this.#process = process;
  }

  get kubeconfig(): string {
    return this.#home.kubeconfig;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Starts one in a home of its own and waits until it is ready. */
  static async start(options: { directory: string; profile?: string; signal: AbortSignal }): Promise<ServerAlone> {
    const home = await Home.make(options.directory);
    try {
      const child = await startIn(home, options.profile);
      const server = new ServerAlone(home, child);
      await server.#ready(options.signal).catch(async (error: unknown) => {
        await stop(child);
        throw error;
      });
      return server;
    } catch (error) {
      await home[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #ready(signal: AbortSignal): Promise<void> {
    await until('the server should be ready', signal, async () => {
      if (this.#process.exitCode !== null) return true;
      await using connection = await ApiConnection.open(await readAccess(this.kubeconfig));
      await connection.get('/readyz');
      return true;
    });
    if (this.#process.exitCode === null) return;
    throw new Error(`the server ended:\n${await readFile(join(this.#home.directory, logFile), 'utf8')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#process);
    await this.#home[Symbol.asyncDispose]();
  }
}

async function startIn(home: Home, profile: string | undefined): Promise<ChildProcess> {
  const folder = join(home.directory, 'clusters', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'cluster.json'), JSON.stringify(await configuration()));
  // Before the server starts, so that not both make the cluster's authority.
  await writeFile(home.kubeconfig, await home.kedge('kubeconfig', '--name', name), { mode: 0o600 });
  const log = await open(join(home.directory, logFile), 'a');
  const child = spawn(process.execPath, [...kedgeProgram(profile), 'server', '--name', name], {
    env: home.env,
    stdio: ['ignore', log.fd, log.fd],
    detached: true, // Ctrl-C is for us: the server is stopped when the measurement has cleaned up
  });
  await log.close();
  return child;
}

/** As `kedge up` would plan it, with an address of this machine in place of a bridge: a Service may not lead to loopback. */
async function configuration(): Promise<ClusterConfig> {
  return {
    name,
    nodes: [],
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    apiPort: await freePort(),
    bridge: 'kedge-bench',
    bridgeIp: ownAddress(),
    bridgePrefix: 24,
  };
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const found = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (!found) throw new Error('the machine has no address but loopback');
  return found.address;
}
