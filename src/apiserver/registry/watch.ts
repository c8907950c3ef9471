import { EtcdError } from '#etcd';
import { FieldErrors, FieldPath, gone, invalid } from '#machinery';
import { bookmarkAt, CacheEvent, inScope, StoredObject, type Snapshot, type Watcher } from '../watch-cache/index.ts';
import { parseRevision, waitForRevision, waitUntilNewest } from './freshness.ts';
import type { Parts } from './parts.ts';
import type { ListOptions, RequestContext, WatchItem } from './rest.ts';
import { selectionOf, type Selection } from './selection.ts';

/**
 * Answers a watch. Without a revision, or with 0, it begins with an ADDED for everything that is there; with
 * `sendInitialEvents` a bookmark then says that this was all. From a revision on it tells every later change, from the
 * cache's history or, where that does not reach back, from the store's.
 */
export async function* watch(
  parts: Parts,
  context: RequestContext,
  ns: string,
  options: ListOptions,
): AsyncGenerator<WatchItem, void> {
  validateWatchOptions(options);
  const selection = selectionOf(parts.resource, ns, options);
  const ending = endOf(parts, context, options);
  try {
    yield* items(parts, selection, options, ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    ending.release();
  }
}

async function* items(
  parts: Parts,
  selection: Selection,
  options: ListOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchItem, void> {
  const { cache } = parts;
  const revision = parseRevision(options.resourceVersion) ?? 0;
  const initial = options.sendInitialEvents ?? revision === 0;
  await startState(parts, options, initial, signal);
  const after = initial || revision === 0 ? cache.revision : revision;
  const snapshot = initial ? cache.snapshot() : undefined;
  // From here to the subscription nothing is awaited, so that nothing falls between snapshot and events.
  const { watcher, replayed } = subscribe(parts, selection, after, options.allowWatchBookmarks ?? false);
  const close = (): void => watcher.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    if (snapshot) yield* initialItems(parts, selection, snapshot, options);
    if (replayed) yield* replay(parts, selection, after, replayed, signal);
    if (!signal.aborted) yield* watcher.items;
  } finally {
    signal.removeEventListener('abort', close);
    cache.unsubscribe(watcher);
  }
}

/** Waits until the cache is as fresh as the watch must begin. */
async function startState(
  parts: Parts,
  { resourceVersion, sendInitialEvents }: ListOptions,
  initial: boolean,
  signal: AbortSignal,
): Promise<void> {
  const revision = parseRevision(resourceVersion);
  if (revision === undefined) await waitUntilNewest(parts, signal);
  else if (initial && sendInitialEvents) await waitForRevision(parts, revision, signal);
  else await parts.cache.ready;
}

/** A watcher; where the cache's history does not reach back far enough, the revision up to which the store must tell. */
function subscribe(
  { cache }: Parts,
  { scope, matches }: Selection,
  after: number,
  wantsBookmarks: boolean,
): { watcher: Watcher; replayed?: number } {
  const watcher = cache.subscribe({ scope, matches, after, wantsBookmarks });
  if (watcher !== 'too old') return { watcher };
  const now = cache.revision;
  const later = cache.subscribe({ scope, matches, after: now, wantsBookmarks });
  if (later === 'too old') throw new Error(`the watch cache forgot its own revision ${now}`);
  return { watcher: later, replayed: now };
}

function* initialItems(
  { resource }: Parts,
  { scope, matches, all }: Selection,
  { objects, revision }: Snapshot,
  { sendInitialEvents, allowWatchBookmarks }: ListOptions,
): Generator<WatchItem> {
  for (const [, stored] of objects.entries(scope)) {
    if (all || matches(stored)) yield { type: 'ADDED', stored };
  }
  if (!sendInitialEvents || !allowWatchBookmarks) return;
  const stored = bookmarkAt(revision, resource, { 'k8s.io/initial-events-end': 'true' });
  yield { type: 'BOOKMARK', stored };
}

/** The changes after `after` up to and with `until`, from the store. */
async function* replay(
  { store, prefix }: Parts,
  { scope, matches }: Selection,
  after: number,
  until: number,
  signal: AbortSignal,
): AsyncGenerator<WatchItem, void> {
  const range = { key: Buffer.from(prefix), rangeEnd: Buffer.from(`${prefix.slice(0, -1)}0`) };
  const history = store.watch({ ...range, startRevision: after + 1, prevKv: true });
  const cancel = (): void => history.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    history.requestProgress();
    for await (const { events, header, compactRevision } of history) {
      if (compactRevision) throw tooOld(after, compactRevision);
      for (const { type, kv, prevKv } of events) {
        if (kv.modRevision > until) return;
        const key = Buffer.from(kv.key).toString().slice(prefix.length);
        if (!inScope(scope, key)) continue;
        const event = new CacheEvent({
          revision: kv.modRevision,
          key,
          current: type === 'put' ? storedOf(kv) : undefined,
          previous: prevKv && storedOf(prevKv),
        });
        const item = event.seenBy(matches);
        if (item) yield item;
      }
      if ((events.at(-1)?.kv.modRevision ?? header.revision) >= until) return;
    }
  } catch (error) {
    if (error instanceof EtcdError && error.code === 'ErrCompacted') throw tooOld(after, until);
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    history.cancel();
  }
}

function storedOf({ modRevision, value }: { modRevision: number; value: Uint8Array }): StoredObject {
  return new StoredObject(modRevision, Buffer.from(value));
}

function tooOld(revision: number, oldest: number): Error {
  return gone(`too old resource version: ${revision} (${oldest})`);
}

/** The end of a watch: the client left, or its time is over. */
function endOf(
  { clock }: Parts,
  context: RequestContext,
  { timeoutSeconds }: ListOptions,
): { signal: AbortSignal; release: () => void } {
  if (!timeoutSeconds) return { signal: context.signal, release: () => {} };
  const over = new AbortController();
  const timer = clock.timer(timeoutSeconds * 1000, () => over.abort());
  return { signal: AbortSignal.any([context.signal, over.signal]), release: () => timer.cancel() };
}

/** The rules of `validateWatchOptions` (`apimachinery/pkg/apis/meta/internalversion/validation`). */
function validateWatchOptions({ sendInitialEvents, resourceVersionMatch: match }: ListOptions): void {
  const errors = new FieldErrors();
  const at = FieldPath.of('resourceVersionMatch');
  if (sendInitialEvents === undefined) {
    if (match) errors.forbidden(at, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  } else if (match !== 'NotOlderThan') {
    if (!match) errors.forbidden(at, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    else errors.notSupported(at, match, ['NotOlderThan']);
  }
  if (!errors.empty) throw invalid({ group: 'meta.k8s.io', kindName: 'ListOptions' }, '', errors);
}
