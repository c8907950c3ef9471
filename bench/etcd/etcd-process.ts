import { spawn, type ChildProcess } from 'node:child_process';
import { lstat, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, runs, stop } from '../child.ts';
import { pssBytes } from '../processes.ts';
import { until } from '../until.ts';
import { GrpcClient } from './grpc-client.ts';
import type { Program } from './programs.ts';
import type { StoreClient } from './store-client.ts';

const blockBytes = 512;

/** Under which a store is asked for a range when it has begun. */
export const pagePrefix = '/registry/pods/';

/** Reads a page of objects, as large as those with which an API server fills its cache. */
export async function listPage(client: StoreClient): Promise<void> {
  await client.list(pagePrefix, 500);
}

/** A store's own process, with its data in a folder that outlives it. */
export class EtcdProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #home: string;

  private constructor(child: ChildProcess, url: string, home: string) {
    this.#child = child;
    this.url = url;
    this.#home = home;
  }

  /** Starts one on the data of a folder, which is made when it is missing; resolves once it has answered a range. */
  static async start(program: Program, home: string, signal: AbortSignal): Promise<EtcdProcess> {
    await mkdir(home, { recursive: true });
    const [port, peerPort] = [await freePort(), await freePort()];
    const [command = '', ...args] = program.command({ directory: dataOf(home), port, peerPort });
    const log = await open(logOf(home), 'a');
    const child = spawn(command, args, {
      env: { PATH: process.env['PATH'] ?? '', HOME: home, KEDGE_HOME: home },
      stdio: ['ignore', log.fd, log.fd],
      detached: true, // Ctrl-C is for us: the server is stopped when the measurement has cleaned up
    });
    await log.close();
    const server = new EtcdProcess(child, `http://127.0.0.1:${port}`, home);
    await server.#answers(signal).catch(async (error: unknown) => {
      await stop(child);
      throw error;
    });
    return server;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  memoryBytes(): Promise<number> {
    return pssBytes(this.pid);
  }

  /** What its files take on the disk, logs of changes among them. */
  diskBytes(): Promise<number> {
    return bytesUnder(dataOf(this.#home));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return stop(this.#child);
  }

  async #answers(signal: AbortSignal): Promise<void> {
    await until('a store should answer', signal, async () => {
      if (!runs(this.#child)) return true;
      await using client = await GrpcClient.open({ url: this.url });
      await listPage(client);
      return true;
    });
    if (!runs(this.#child)) throw new Error(`the store ended:\n${await readFile(logOf(this.#home), 'utf8')}`);
  }
}

/** Where the data of a store lies that was started in a folder. */
export function dataOf(home: string): string {
  return join(home, 'data');
}

function logOf(home: string): string {
  return join(home, 'server.log');
}

async function bytesUnder(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(
    entries.map(async (name) => (await lstat(join(directory, name))).blocks * blockBytes),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
