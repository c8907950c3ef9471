import { ApiConnection } from '../api-connection.ts';
import type { Figure } from '../figure.ts';
import { costs } from '../cpu.ts';
import { fanOut } from '../fan-out.ts';
import { WatchEndedError, Watching } from '../watching.ts';
import type { Subject } from './subject.ts';

const watchers = 1_000;
const perConnection = 100;
const events = 500;

/** So that no two changes of one object are under way at the same time, which would measure conflicts. */
const objects = 100;

/**
 * A thousand watchers of one resource, on ten connections. First they all begin at once; then objects of 0.5 kB change,
 * a hundred times a second, and each change is timed from sending the write until the last watcher has it.
 */
export async function* watches(subject: Subject, namespace: string): AsyncGenerator<Figure> {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  for (let n = 0; n < objects; n++) await subject.connection.post(path, JSON.stringify(busy(n, -1)));
  await using connections = new AsyncDisposableStack();
  const all: ApiConnection[] = [];
  for (let n = 0; n < watchers / perConnection; n++) {
    all.push(connections.use(await ApiConnection.open(subject.access)));
  }
  const watching = new Watching(watchers);
  const initial = await objectsAt(subject, path);
  const start = performance.now();
  const begun = await subject.taken(async () => {
    for (let n = 0; n < watchers; n++) {
      const connection = all[n % all.length] as ApiConnection;
      watching.add((told) => connection.watch(`${path}?watch=1`, (chunk) => told(linesIn(chunk))));
    }
    await watching.reached(initial);
  });
  const title = '1,000 watches begin';
  yield { name: title, unit: 'ms', better: 'less', samples: [performance.now() - start] };
  yield* costs(title, 'each', begun.cpu, watchers);
  yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [begun.held] };
  try {
    yield* tell(subject, path, watching, initial);
  } catch (error) {
    if (!(error instanceof WatchEndedError)) throw error;
    subject.options.note(`no figures of events: ${error.message}; kube-apiserver ends those that are slow`);
  }
  watching.stop();
}

/** Ours, and what controllers put into every namespace, where there are any (`kube-root-ca.crt`). */
async function objectsAt(subject: Subject, path: string): Promise<number> {
  const { items } = JSON.parse((await subject.connection.get(path)).toString()) as { items: unknown[] }; // a LIST
  return items.length;
}

async function* tell(subject: Subject, path: string, watching: Watching, before: number): AsyncGenerator<Figure> {
  const { signal } = subject.options;
  const write = (event: number): Promise<unknown> => {
    const object = busy(event);
    return subject.connection.put(`${path}/${object.metadata.name}`, JSON.stringify(object));
  };
  const told = () => fanOut({ watching, before, events, write, signal });
  const { result: took, cpu, held } = await subject.taken(told);
  const title = '100 events/s to 1,000 watchers';
  yield { name: `${title}: the last has it`, unit: 'ms', better: 'less', samples: took };
  yield* costs(title, 'an event and watcher', cpu, events * watchers);
  yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [held] };
}

const lineEnd = 10;

/** Each event is a line. */
function linesIn(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(lineEnd); at >= 0; at = chunk.indexOf(lineEnd, at + 1)) lines++;
  return lines;
}

function busy(number: number, round = number): ConfigMap {
  const metadata = { name: `busy-${number % objects}` };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { round: String(round), filler } };
}

interface ConfigMap {
  apiVersion: 'v1';
  kind: 'ConfigMap';
  metadata: { name: string };
  data: Record<string, string>;
}

const filler = 'x'.repeat(200);
