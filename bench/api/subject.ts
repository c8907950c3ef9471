import { ApiCallError, ApiConnection } from '../api-connection.ts';
import { costs, cpuBetween, cpuUntilNow, type Cpu } from '../cpu.ts';
import type { Figure, MeasureOptions } from '../figure.ts';
import { readAccess, type Access } from '../kubeconfig.ts';
import { load, type LoadOptions } from '../load.ts';
import { pssBytes } from '../processes.ts';
import { Holds } from './holds.ts';

/** How many pods the store is filled with. */
export const filled = 10_000;
export const loadMs = 4_000;

/** The server that is measured. */
export class Subject implements AsyncDisposable {
  readonly access: Access;
  readonly connection: ApiConnection;
  readonly options: MeasureOptions;
  /** Of the server's process, where it is known. */
  readonly #pid: number | undefined;
  readonly #isOurs: boolean;
  readonly #holds: Holds;
  readonly #namespaces: string[] = [];

  private constructor(facts: {
    access: Access;
    connection: ApiConnection;
    holds: Holds;
    options: MeasureOptions;
    pid: number | undefined;
    isOurs: boolean;
  }) {
    this.access = facts.access;
    this.connection = facts.connection;
    this.options = facts.options;
    this.#holds = facts.holds;
    this.#pid = facts.pid;
    this.#isOurs = facts.isOurs;
  }

  /** Of a server that was started for the run, its process is given. */
  static async open(kubeconfig: string, options: MeasureOptions, ownPid?: number): Promise<Subject> {
    const access = await readAccess(kubeconfig);
    const [connection, holds] = await Promise.all([ApiConnection.open(access), Holds.watch(access, options.signal)]);
    const pid = ownPid ?? options.pid;
    return new Subject({ access, connection, holds, options, pid, isOurs: ownPid !== undefined });
  }

  /** A namespace in which pods can be created. */
  async namespace(purpose: string): Promise<string> {
    const name = `bench-${purpose}-${process.pid}`;
    await this.connection.post('/api/v1/namespaces', JSON.stringify({ metadata: { name } }));
    this.#namespaces.push(name);
    await this.#account(name);
    return name;
  }

  /** Pods need their namespace's account. An API server that runs without controllers has nobody else to make it. */
  async #account(namespace: string): Promise<void> {
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    try {
      await this.connection.post(accounts, JSON.stringify({ metadata: { name: 'default' } }));
    } catch (error) {
      if (!(error instanceof ApiCallError && error.status === 409)) throw error; // a controller was faster
    }
  }

  /** The rate of a load, the time of a call, and what it costs. */
  async *load(
    what: string,
    push: Omit<LoadOptions, 'signal'>,
    call: (n: number) => Promise<unknown>,
  ): AsyncGenerator<Figure> {
    const { result, cpu, held } = await this.taken(() => load({ ...push, signal: this.options.signal }, call));
    const title = `${what}, ${push.inFlight} in flight`;
    yield { name: `${title}: calls`, unit: '/s', better: 'more', samples: result.perSecond };
    yield { name: `${title}: a call`, unit: 'ms', better: 'less', samples: result.latenciesMs };
    yield* costs(title, 'a call', cpu, result.calls);
    if (push.inFlight > 1) yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [held] };
  }

  /** The time of a piece of work that is done one after another, and what it costs. */
  async *timed(title: string, work: () => Promise<unknown>): AsyncGenerator<Figure> {
    const samples: number[] = [];
    const runs = this.options.runs ?? 10;
    await work();
    const { cpu, held } = await this.taken(async () => {
      for (let run = 0; run < runs; run++) {
        this.options.signal.throwIfAborted();
        const start = performance.now();
        await work();
        samples.push(performance.now() - start);
      }
    });
    yield { name: title, unit: 'ms', better: 'less', samples };
    yield* costs(title, 'each', cpu, runs);
    yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [held] };
  }

  /** Does something; tells what processor time the server and this process took meanwhile, and the longest a PING waited. */
  async taken<T>(work: () => Promise<T>): Promise<{ result: T; cpu: Cpu; held: number }> {
    const before = await cpuUntilNow(this.#pid);
    this.#holds.take();
    const result = await work();
    const held = this.#holds.take();
    return { result, held, cpu: cpuBetween(before, await cpuUntilNow(this.#pid)) };
  }

  /** Memory of the server's process; undefined where that is not known. */
  async memoryBytes(): Promise<number | undefined> {
    return this.#pid === undefined ? undefined : pssBytes(this.#pid);
  }

  /** Leaves another's cluster as it was; ours is thrown away as a whole. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#isOurs ? [] : this.#namespaces) {
      this.options.note(`removing namespace ${name}, which goes on in the background`);
      await this.connection.delete(`/api/v1/namespaces/${name}`);
    }
    await this.#holds[Symbol.asyncDispose]();
    await this.connection[Symbol.asyncDispose]();
  }
}

export function podsIn(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

export function podName(n: number): string {
  return `pod-${String(n).padStart(6, '0')}`;
}

/** One of the pods that the store was filled with; neighbours in time are not neighbours in the store. */
export function numberOfPod(n: number): number {
  return (n * 7919) % filled; // a prime step visits every pod
}

export function anyPod(n: number): string {
  return podName(numberOfPod(n));
}
