import { cpuBetween, cpuUntilNow, costs, type Cpu } from '../cpu.ts';
import type { Figure, MeasureOptions } from '../figure.ts';
import { load, type LoadOptions } from '../load.ts';
import type { StoreClient } from './store-client.ts';

const loadMs = 4_000;

/** A store that is measured. */
export class Subject {
  /** What its figures begin with. */
  readonly name: string;
  readonly client: StoreClient;
  readonly options: MeasureOptions;
  /** Of the server, where it is known: this process when the store is in it. */
  readonly #pid: number | undefined;
  /** No keys but ours lie under it. */
  readonly prefix = `/registry/kedge-bench-${process.pid}/`;

  constructor(facts: { name: string; client: StoreClient; options: MeasureOptions; pid: number | undefined }) {
    this.name = facts.name;
    this.client = facts.client;
    this.options = facts.options;
    this.#pid = facts.pid;
  }

  /** Keys for one purpose. */
  keys(purpose: string): (n: number) => Buffer {
    return (n) => Buffer.from(`${this.prefix}${purpose}/${String(n).padStart(9, '0')}`);
  }

  /** A closed loop; its rate, the time of a call, and what a call costs. */
  async *load(
    what: string,
    inFlight: number,
    call: (n: number) => Promise<unknown>,
    target?: number,
  ): AsyncGenerator<Figure> {
    const push: LoadOptions = { inFlight, ms: loadMs, signal: this.options.signal };
    const { result, cpu } = await this.taken(() => load(push, call));
    const title = `${this.name}: ${what}, ${inFlight} in flight`;
    const wanted = target === undefined ? {} : { target };
    yield { name: title, unit: '/s', better: 'more', samples: result.perSecond, ...wanted };
    yield { name: `${title}: each`, unit: 'ms', better: 'less', samples: result.latenciesMs };
    yield* costs(title, 'each', cpu, result.calls);
  }

  /** The time of a piece of work that is done one after another, and what it costs. */
  async *timed(what: string, work: () => Promise<unknown>): AsyncGenerator<Figure> {
    const samples: number[] = [];
    const runs = this.options.runs ?? 10;
    await work();
    const { cpu } = await this.taken(async () => {
      for (let run = 0; run < runs; run++) {
        this.options.signal.throwIfAborted();
        const start = performance.now();
        await work();
        samples.push(performance.now() - start);
      }
    });
    const title = `${this.name}: ${what}`;
    yield { name: title, unit: 'ms', better: 'less', samples };
    yield* costs(title, 'each', cpu, runs);
  }

  /** Does something; tells what processor time the server and this process took meanwhile. One process is not split in two. */
  async taken<T>(work: () => Promise<T>): Promise<{ result: T; cpu: Cpu }> {
    const before = await cpuUntilNow(this.#pid);
    const result = await work();
    const cpu = cpuBetween(before, await cpuUntilNow(this.#pid));
    return { result, cpu: this.#pid === process.pid ? { ...cpu, client: 0 } : cpu };
  }
}
