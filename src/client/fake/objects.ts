import { deepFreeze } from '#base';
import { gone, keyOf, parseFieldSelector, parseLabelSelector, type KubeObject } from '#machinery';
import { AsyncQueue } from '#base';
import type { ApiResource, QueryOptions, WatchEvent } from '../request.ts';

interface Change {
  revision: number;
  collection: string;
  before: KubeObject | undefined;
  /** Undefined when the object was deleted. */
  after: KubeObject | undefined;
  /** What a DELETED event shows. */
  last?: KubeObject;
}

interface Watcher {
  collection: string;
  matches: (object: KubeObject) => boolean;
  queue: AsyncQueue<WatchEvent<KubeObject>>;
}

/** Objects by collection with revisions, history and watches: the smallest thing that is like etcd behind an API server. */
export class FakeObjects {
  #revision = 1;
  #compacted = 0;
  readonly #collections = new Map<string, Map<string, KubeObject>>();
  #history: Change[] = [];
  readonly #watchers = new Set<Watcher>();

  get revision(): number {
    return this.#revision;
  }

  collection(resource: ApiResource): Map<string, KubeObject> {
    const id = idOf(resource);
    const known = this.#collections.get(id) ?? new Map<string, KubeObject>();
    this.#collections.set(id, known);
    return known;
  }

  /** Stores the object at a new revision; answers the object as it was before when nothing changed. */
  put(resource: ApiResource, object: KubeObject): KubeObject {
    const objects = this.collection(resource);
    const key = keyOf(object);
    const before = objects.get(key);
    if (before && JSON.stringify(withoutRevision(before)) === JSON.stringify(withoutRevision(object))) return before;
    const after = this.#stamp(object);
    objects.set(key, after);
    this.#record({ revision: this.#revision, collection: idOf(resource), before, after });
    return after;
  }

  remove(resource: ApiResource, before: KubeObject): KubeObject {
    this.collection(resource).delete(keyOf(before));
    const last = this.#stamp(before);
    this.#record({ revision: this.#revision, collection: idOf(resource), before, after: undefined, last });
    return last;
  }

  list(resource: ApiResource, matches: (object: KubeObject) => boolean): KubeObject[] {
    return [...this.collection(resource).values()].filter(matches).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** News after `revision`; without one, everything there is first. Throws Expired when the history is gone. */
  watch(resource: ApiResource, matches: (object: KubeObject) => boolean, revision: number): Watcher['queue'] {
    const queue = new AsyncQueue<WatchEvent<KubeObject>>();
    const watcher: Watcher = { collection: idOf(resource), matches, queue };
    if (revision === 0) {
      for (const object of this.list(resource, matches)) queue.push({ type: 'ADDED', object });
    } else {
      if (revision < this.#compacted) throw gone(`too old resource version: ${revision} (${this.#compacted})`);
      for (const change of this.#history) if (change.revision > revision) send(watcher, change);
    }
    this.#watchers.add(watcher);
    return queue;
  }

  unwatch(queue: Watcher['queue']): void {
    queue.close();
    for (const watcher of this.#watchers) if (watcher.queue === queue) this.#watchers.delete(watcher);
  }

  /** Forgets the past: watches from before get 410. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#history = [];
  }

  endWatches(error?: Error): void {
    for (const { queue } of this.#watchers) queue.close(error);
    this.#watchers.clear();
  }

  #stamp(object: KubeObject): KubeObject {
    this.#revision++;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    return deepFreeze(structuredClone({ ...object, metadata }));
  }

  #record(change: Change): void {
    this.#history.push(change);
    for (const watcher of this.#watchers) send(watcher, change);
  }
}

/** To a watcher with a selector, an object that starts to match is new, and one that ceases to match is gone. */
function send(watcher: Watcher, { collection, before, after, last }: Change): void {
  if (watcher.collection !== collection) return;
  const was = before !== undefined && watcher.matches(before);
  const is = after !== undefined && watcher.matches(after);
  if (is) watcher.queue.push({ type: was ? 'MODIFIED' : 'ADDED', object: after });
  else if (was) watcher.queue.push({ type: 'DELETED', object: after ?? last ?? before });
}

export function idOf(resource: Pick<ApiResource, 'group' | 'plural'>): string {
  return `${resource.group}/${resource.plural}`;
}

/** Which objects a list or watch means. */
export function matcherOf(namespace: string | undefined, options: QueryOptions = {}): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(String(options['labelSelector'] ?? ''));
  const fields = parseFieldSelector(String(options['fieldSelector'] ?? '')).requirements;
  return (object) =>
    (!namespace || object.metadata.namespace === namespace) &&
    labels.matches(object.metadata.labels) &&
    fields.every(({ field, operator, value }) => (valueAt(object, field) === value) === (operator === '='));
}

/** The value at a dotted path, as a field selector compares it. */
function valueAt(object: unknown, path: string): string {
  let value = object;
  for (const name of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function withoutRevision(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: '' } };
}
