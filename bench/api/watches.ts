import { systemClock } from '#base';
import { ApiConnection } from '../api-connection.ts';
import type { Figure } from '../figure.ts';
import { costs, type Subject } from './subject.ts';
import { Watching } from './watching.ts';

const watchers = 1_000;
const perConnection = 100;
const everyMs = 10;
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
  const start = performance.now();
  const begun = await subject.taken(async () => {
    for (let n = 0; n < watchers; n++) watching.add(all[n % all.length] as ApiConnection, `${path}?watch=1`);
    await watching.reached(initialObjects);
  });
  const title = '1,000 watches begin';
  yield { name: title, unit: 'ms', better: 'less', samples: [performance.now() - start] };
  yield* costs(title, 'each', begun.cpu, watchers);
  yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [begun.held] };
  yield* fanOut(subject, path, watching);
  watching.stop();
}

/** Ours, and `kube-root-ca.crt`, which every namespace has. */
const initialObjects = objects + 1;

async function* fanOut(subject: Subject, path: string, watching: Watching): AsyncGenerator<Figure> {
  const { signal } = subject.options;
  const took: number[] = [];
  const { cpu, held } = await subject.taken(async () => {
    const writes: Promise<unknown>[] = [];
    const start = performance.now();
    for (let event = 1; event <= events; event++) {
      await systemClock.sleep(Math.max(0, start + event * everyMs - performance.now()), signal);
      const sent = performance.now();
      const object = busy(event);
      writes.push(subject.connection.put(`${path}/${object.metadata.name}`, JSON.stringify(object)));
      writes.push(watching.reached(initialObjects + event).then(() => took.push(performance.now() - sent)));
    }
    await Promise.all(writes);
  });
  const title = '100 events/s to 1,000 watchers';
  yield { name: `${title}: the last has it`, unit: 'ms', better: 'less', samples: took };
  yield* costs(title, 'an event and watcher', cpu, events * watchers);
  yield { name: `${title}: longest wait`, unit: 'ms', better: 'less', samples: [held] };
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
