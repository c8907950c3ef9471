import type { Figure, MeasureOptions } from '../figure.ts';
import { load } from '../load.ts';
import { settled } from '../settled.ts';
import { EmbeddedClient } from './embedded-client.ts';
import { dataOf, EtcdProcess, listPage, pagePrefix } from './etcd-process.ts';
import { GrpcClient } from './grpc-client.ts';
import type { Program } from './programs.ts';
import type { StoreClient } from './store-client.ts';

const objectBytes = 2_000;
const few = 100_000;
const many = 500_000;
/** As many objects as fit into one frame of HTTP/2. */
const together = 7;

/** A store that is filled. */
export interface Holder {
  program: Program;
  /** Where it keeps its data. */
  home: string;
  options: MeasureOptions;
  /** The data is Kedge's, whose engine can open it in this process, too. */
  isOurs: boolean;
}

/**
 * What a store takes for what it holds: memory and files with 100,000 objects of 2 kB, put one by one; then the time from
 * its start until it has answered a range, with those and with 1 GB of them.
 */
export async function* holdings(holder: Holder): AsyncGenerator<Figure> {
  const { program, options } = holder;
  {
    await using server = await startOf(holder);
    await fill(server, few, options.signal, (client, n) => client.put(keyOf(n), object));
    const title = `${program.name}: ${objects(few)}`;
    const bytes = (await settled(() => server.memoryBytes(), options.signal)) ?? Number.NaN;
    yield { name: `${title}: memory (PSS)`, unit: 'MB', better: 'less', samples: [bytes / 1e6] };
    yield { name: `${title}: files`, unit: 'MB', better: 'less', samples: [(await server.diskBytes()) / 1e6] };
  }
  yield* openings(holder, few, { target: 1_000 });
  {
    await using server = await startOf(holder);
    const calls = Math.ceil((many - few) / together);
    await fill(server, calls, options.signal, (client, n) => client.putAll(keysFrom(few + n * together), object));
  }
  yield* openings(holder, many);
}

const object = Buffer.alloc(objectBytes, 'x');

function keyOf(n: number): Buffer {
  return Buffer.from(`${pagePrefix}bench/${String(n).padStart(9, '0')}`);
}

/** Some neighbours, the last object being the last of them all. */
function keysFrom(first: number): Buffer[] {
  return Array.from({ length: Math.min(together, many - first) }, (_, at) => keyOf(first + at));
}

function objects(count: number): string {
  return `${count.toLocaleString('en')} objects of 2 kB`;
}

function startOf({ program, home, options }: Holder): Promise<EtcdProcess> {
  return EtcdProcess.start(program, home, options.signal);
}

async function fill(
  server: EtcdProcess,
  calls: number,
  signal: AbortSignal,
  put: (client: StoreClient, n: number) => Promise<void>,
): Promise<void> {
  await using client = await GrpcClient.open({ url: server.url });
  await load({ inFlight: 256, calls, signal }, (n) => put(client, n));
}

/** The time until a range is answered: of a process from its start, and of the engine in this process. */
async function* openings(holder: Holder, count: number, goal: { target?: number } = {}): AsyncGenerator<Figure> {
  const { program, home, options, isOurs } = holder;
  const title = `: open ${objects(count)}`;
  const started = await timesOf(options, () => startOf(holder));
  const figure = { unit: 'ms', better: 'less', ...(isOurs && goal) } as const;
  yield { ...figure, name: program.name + title, samples: started };
  if (!isOurs) return;
  const opened = await timesOf(options, async () => {
    const client = await EmbeddedClient.open(dataOf(home));
    await listPage(client);
    return client;
  });
  yield { ...figure, name: `in process${title}`, samples: opened };
}

/** How long it takes to open something, in milliseconds; it is closed each time. */
async function timesOf(options: MeasureOptions, open: () => Promise<AsyncDisposable>): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < (options.runs ?? 5); run++) {
    options.signal.throwIfAborted();
    const start = performance.now();
    await using _opened = await open();
    samples.push(performance.now() - start);
  }
  return samples;
}
