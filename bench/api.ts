import { memoryOf } from './api/memory.ts';
import { gets, lists } from './api/reads.ts';
import { storm } from './api/storm.ts';
import { Subject } from './api/subject.ts';
import { watches } from './api/watches.ts';
import { changes, creates, fill } from './api/writes.ts';
import type { Figure, Measurement } from './figure.ts';
import { settled } from './settled.ts';
import { ServerAlone } from './server-alone.ts';

/**
 * An API server over HTTPS from another process (this one), on one HTTP/2 connection with client-go's windows. Pods of
 * 2 kB of JSON, which nobody schedules: created, read, listed, changed, 10,000 of them; then watches, and many clients.
 * The server is one of ours without nodes, started for the run, unless a kubeconfig names another. For ours it is
 * also told what processor time a call costs it, which other work on the machine disturbs least.
 */
export const api: Measurement = {
  name: 'api',
  async *run(options) {
    if (options.kubeconfig !== undefined) {
      await using subject = await Subject.open(options.kubeconfig, options);
      yield* measure(subject);
    } else {
      await using server = await ServerAlone.start(options);
      await using subject = await Subject.open(server.kubeconfig, options, server.pid);
      yield* measure(subject);
    }
  },
};

async function* measure(subject: Subject): AsyncGenerator<Figure> {
  const few = await subject.namespace('few');
  const many = await subject.namespace('many');
  yield* creates(subject, few, many);
  yield* gets(subject, many);
  yield* lists(subject, many);
  yield* changes(subject, many);
  yield* watches(subject, few);
  yield* storm(subject);
  const more = await subject.namespace('more');
  yield* memoryOf(subject, () => fill(subject, more));
  const after = await settled(() => subject.memoryBytes(), subject.options.signal);
  if (after === undefined) return;
  yield { name: 'memory (PSS) after all that', unit: 'MB', better: 'less', samples: [after / 1e6] };
}
