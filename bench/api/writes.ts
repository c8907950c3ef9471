import { ApiCallError } from '../api-connection.ts';
import type { Figure } from '../figure.ts';
import { load, type LoadOptions } from '../load.ts';
import { idlePod, type IdlePod } from '../manifests.ts';
import { anyPod, filled, loadMs, numberOfPod, podName, podsIn, type Subject } from './subject.ts';

/** One in a hundred pods is in the same slot. */
const slots = 100;

/** Creates with one call under way, then as many at once as fill the store. */
export async function* creates(subject: Subject, few: string, many: string): AsyncGenerator<Figure> {
  yield* createIn(subject, few, { inFlight: 1, ms: loadMs });
  yield* createIn(subject, many, { inFlight: 64, calls: filled });
}

/** As many pods again, in a namespace of their own. */
export function fill(subject: Subject, namespace: string): Promise<unknown> {
  return load({ inFlight: 64, calls: filled, signal: subject.options.signal }, (n) => createPod(subject, namespace, n));
}

function createIn(subject: Subject, namespace: string, push: Omit<LoadOptions, 'signal'>): AsyncGenerator<Figure> {
  return subject.load('creates', push, (n) => createPod(subject, namespace, n));
}

function createPod({ connection }: Subject, namespace: string, n: number): Promise<Buffer> {
  const pod = idlePod(podName(n), { slot: String(n % slots) });
  return connection.post(podsIn(namespace), JSON.stringify(pod));
}

/** Updates, patches and applies of the pods in a namespace, each of which changes a label, whatever others did meanwhile. */
export async function* changes(subject: Subject, namespace: string): AsyncGenerator<Figure> {
  const { connection } = subject;
  const push = { inFlight: 64, ms: loadMs };
  const path = (n: number): string => `${podsIn(namespace)}/${anyPod(n)}`;
  const labels = (n: number): Record<string, string> => ({ round: String(n) });
  const { items } = JSON.parse((await connection.get(podsIn(namespace))).toString()) as { items: IdlePod[] };
  yield* subject.load('updates', push, (n) => {
    const pod = items[numberOfPod(n)]!; // all are there
    const metadata = { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels(n) }, resourceVersion: undefined };
    return connection.put(path(n), JSON.stringify({ ...pod, metadata }));
  });
  const patch = (n: number, type: string): Promise<Buffer> =>
    connection.patch(path(n), JSON.stringify({ metadata: { labels: labels(n) } }), `application/${type}+json`);
  yield* subject.load('merge patches', push, (n) => patch(n, 'merge-patch'));
  yield* subject.load('strategic patches', push, (n) => patch(n, 'strategic-merge-patch'));
  yield* applies(subject, namespace);
}

async function* applies(subject: Subject, namespace: string): AsyncGenerator<Figure> {
  const apply = (n: number): Promise<Buffer> => {
    const name = anyPod(n);
    const metadata = { name, namespace, labels: { applied: String(n) } };
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata });
    const path = `${podsIn(namespace)}/${name}?fieldManager=bench&force=true`;
    return subject.connection.patch(path, body, 'application/apply-patch+yaml');
  };
  try {
    await apply(0);
  } catch (error) {
    if (!(error instanceof ApiCallError) || error.status !== 415) throw error;
    subject.options.note('the server does not apply');
    return;
  }
  yield* subject.load('applies', { inFlight: 64, ms: loadMs }, apply);
}
