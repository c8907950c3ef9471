import { ApiConnection } from './api-connection.ts';
import type { Figure, Measurement, MeasureOptions } from './figure.ts';
import { load, type LoadOptions } from './load.ts';
import { idlePod } from './manifests.ts';
import { cpuSeconds, pssBytes } from './processes.ts';
import { ServerAlone } from './server-alone.ts';
import { until } from './until.ts';

const listed = 10_000;
const pageSize = 500;
const seconds = 4;

/**
 * An API server over HTTPS from another process (this one), on one HTTP/2 session as client-go has it. Pods of 2 kB of
 * JSON, which nobody schedules, in namespaces of their own: created and read with 1 and with 64 calls under way at any
 * time; then LISTs of 10,000 of them, at once as informers do and in pages of 500 as kubectl does, to the last byte.
 * The server is one of ours without nodes, started for the run, unless a kubeconfig names another.
 * For ours it is also told how much processor time a call costs it, which other work on the machine disturbs least.
 */
export const api: Measurement = {
  name: 'api',
  async *run(options) {
    if (options.kubeconfig !== undefined) {
      await using connection = await ApiConnection.open(options.kubeconfig);
      yield* measure(new Subject(connection, options));
    } else {
      await using server = await ServerAlone.start(options);
      await using connection = await ApiConnection.open(server.kubeconfig);
      yield* measure(new Subject(connection, options, server.pid));
    }
  },
};

/** The server that is measured. */
class Subject {
  readonly connection: ApiConnection;
  readonly options: MeasureOptions;
  /** Of our own server's process. */
  readonly pid: number | undefined;
  readonly #namespaces: string[] = [];

  constructor(connection: ApiConnection, options: MeasureOptions, pid?: number) {
    this.connection = connection;
    this.options = options;
    this.pid = pid;
  }

  /** A namespace in which pods can be created. */
  async namespace(purpose: string): Promise<string> {
    const name = `bench-${purpose}-${process.pid}`;
    await this.connection.post('/api/v1/namespaces', JSON.stringify({ metadata: { name } }));
    this.#namespaces.push(name);
    await until('a namespace should have its service account', this.options.signal, async () => {
      await this.connection.get(`/api/v1/namespaces/${name}/serviceaccounts/default`);
      return true;
    });
    return name;
  }

  /** Leaves another's cluster as it was; ours is thrown away as a whole. */
  async cleanUp(): Promise<void> {
    if (this.pid !== undefined) return;
    for (const name of this.#namespaces) {
      this.options.note(`removing namespace ${name}, which goes on in the background`);
      await this.connection.delete(`/api/v1/namespaces/${name}`);
    }
  }

  /** The rate, the time of a call and its cost of a load. */
  async *load(
    what: string,
    push: Omit<LoadOptions, 'signal'>,
    call: (n: number) => Promise<unknown>,
  ): AsyncGenerator<Figure> {
    const before = await this.#cpu();
    const { perSecond, latenciesMs, calls } = await load({ ...push, signal: this.options.signal }, call);
    const cpu = ((await this.#cpu()) - before) / calls;
    const title = `${what}, ${push.inFlight} in flight`;
    yield { name: `${title}: calls`, unit: '/s', better: 'more', samples: perSecond };
    yield { name: `${title}: a call`, unit: 'ms', better: 'less', samples: latenciesMs };
    if (cpu > 0) yield { name: `${title}: server's CPU a call`, unit: 'µs', better: 'less', samples: [cpu * 1e6] };
  }

  async #cpu(): Promise<number> {
    return this.pid === undefined ? 0 : cpuSeconds(this.pid);
  }
}

async function* measure(subject: Subject): AsyncGenerator<Figure> {
  try {
    const few = await subject.namespace('few');
    const many = await subject.namespace('many');
    yield* creates(subject, few, { inFlight: 1, ms: seconds * 1000 });
    yield* creates(subject, many, { inFlight: 64, calls: listed });
    for (const inFlight of [1, 64]) yield* gets(subject, many, inFlight);
    yield await lists(subject, many);
    yield await pagedLists(subject, many);
    yield* memory(subject);
  } finally {
    await subject.cleanUp();
  }
}

function creates(subject: Subject, namespace: string, push: Omit<LoadOptions, 'signal'>): AsyncGenerator<Figure> {
  const path = podsIn(namespace);
  return subject.load('creates', push, (n) => subject.connection.post(path, JSON.stringify(idlePod(podName(n)))));
}

function gets(subject: Subject, namespace: string, inFlight: number): AsyncGenerator<Figure> {
  // A prime step visits every pod, and neighbours in time are not neighbours in the store.
  const path = (n: number): string => `${podsIn(namespace)}/${podName((n * 7919) % listed)}`;
  return subject.load('gets', { inFlight, ms: seconds * 1000 }, (n) => subject.connection.get(path(n)));
}

async function lists(subject: Subject, namespace: string): Promise<Figure> {
  const list = (): Promise<Buffer> => subject.connection.get(podsIn(namespace));
  const { length, megabytes } = sizeOf(await list());
  if (length !== listed) throw new Error(`a LIST gave ${length} pods of ${listed}`);
  const samples = await timed(subject, list);
  return { name: `LIST of 10,000 pods (${megabytes} MB)`, unit: 'ms', better: 'less', samples };
}

async function pagedLists(subject: Subject, namespace: string): Promise<Figure> {
  const samples = await timed(subject, async () => {
    let pages = 0;
    let next: string | undefined = '';
    for (; next !== undefined; pages++) {
      const query = `limit=${pageSize}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
      const page = await subject.connection.get(`${podsIn(namespace)}?${query}`);
      next = continueOf(page);
    }
    if (pages !== listed / pageSize) throw new Error(`a LIST in pages gave ${pages} of them`);
  });
  return { name: `LIST of 10,000 pods, pages of ${pageSize}`, unit: 'ms', better: 'less', samples };
}

async function timed(subject: Subject, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < (subject.options.runs ?? 10); run++) {
    subject.options.signal.throwIfAborted();
    const start = performance.now();
    await work();
    samples.push(performance.now() - start);
  }
  return samples;
}

async function* memory(subject: Subject): AsyncGenerator<Figure> {
  if (subject.pid === undefined) return;
  const samples = [(await pssBytes(subject.pid)) / 1e6];
  yield { name: "server's memory (PSS) after all that", unit: 'MB', better: 'less', samples };
}

function sizeOf(answer: Buffer): { length: number; megabytes: number } {
  const list = JSON.parse(answer.toString()) as { items: unknown[] }; // a LIST that was answered with 200
  return { length: list.items.length, megabytes: Math.round(answer.length / 1e6) };
}

/** The token of the next page, found without parsing the objects of this one. */
function continueOf(page: Buffer): string | undefined {
  const metadata = page.toString('latin1', 0, 1000);
  return /"continue":"([^"]+)"/.exec(metadata)?.[1];
}

function podsIn(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

function podName(n: number): string {
  return `pod-${String(n).padStart(6, '0')}`;
}
