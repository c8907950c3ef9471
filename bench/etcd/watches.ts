import { costs } from '../cpu.ts';
import { fanOut } from '../fan-out.ts';
import type { Figure } from '../figure.ts';
import { Watching } from '../watching.ts';
import type { Subject } from './subject.ts';

const events = 500;
const busyBytes = 500;

/** Watchers of one busy prefix: a hundred changes a second, each timed from the write until the last watcher has it. */
export async function* watches(subject: Subject): AsyncGenerator<Figure> {
  for (const watchers of [100, 1_000]) yield* watchesOf(subject, watchers);
}

async function* watchesOf(subject: Subject, watchers: number): AsyncGenerator<Figure> {
  const { client, prefix, options } = subject;
  const purpose = `busy-${watchers}`;
  const watching = new Watching(watchers);
  const ready: Promise<void>[] = [];
  for (let n = 0; n < watchers; n++) {
    watching.add((told) => {
      const watch = client.watch(`${prefix}${purpose}/`, told);
      ready.push(watch.ready);
      return watch;
    });
  }
  await Promise.all(ready);
  const [key, value] = [subject.keys(purpose), Buffer.alloc(busyBytes, 'x')];
  const write = (event: number): Promise<void> => client.put(key(event % 100), value);
  const told = await subject.taken(() => fanOut({ watching, before: 0, events, write, signal: options.signal }));
  const title = `${subject.name}: 100 events/s to ${watchers.toLocaleString('en')} watchers`;
  yield { name: `${title}: the last has it`, unit: 'ms', better: 'less', samples: told.result };
  yield* costs(title, 'each', told.cpu, events * watchers);
  watching.stop();
}
