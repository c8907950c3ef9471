import { badRequest, gone, StatusError } from '#machinery';
import type { Snapshot, StoredObject } from '../watch-cache/index.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { parseListRevision } from './freshness.ts';
import type { Parts } from './parts.ts';
import type { ListOptions, ListResult, RequestContext } from './rest.ts';
import { selectionOf, type Selection } from './selection.ts';
import { newestSnapshot, snapshotAt, snapshotFrom } from './snapshots.ts';
import { turns } from './turns.ts';

/** Answers a list: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
export async function list(
  parts: Parts,
  context: RequestContext,
  ns: string,
  options: ListOptions,
): Promise<ListResult> {
  const selection = selectionOf(parts.resource, ns, options);
  const { snapshot, start } = await snapshotFor(parts, context, ns, options);
  // From the cache without a demand for freshness everything comes at once, as upstream does.
  const limit = options.resourceVersion === '0' && !options.continue ? 0 : (options.limit ?? 0);
  const page = await pageOf(snapshot, selection, start, limit);
  if (page.next === undefined) return { items: page.items, resourceVersion: String(snapshot.revision) };
  parts.snapshots.keep(snapshot);
  return {
    items: page.items,
    resourceVersion: String(snapshot.revision),
    continue: encodeContinue({ revision: snapshot.revision, start: page.next.slice(prefixOf(ns).length) }),
    ...(selection.all && { remainingItemCount: snapshot.objects.count(selection.scope, page.next) }),
  };
}

interface Page {
  items: StoredObject[];
  /** The first key of the next page. */
  next?: string;
}

async function pageOf(
  { objects }: Snapshot,
  { scope, matches, all }: Selection,
  start: string,
  limit: number,
): Promise<Page> {
  const items: StoredObject[] = [];
  let last = '';
  let looked = 0;
  for (const [key, stored] of objects.entries(scope, start)) {
    if (!all && ++looked % lookedAtOnce === 0) await turns.next();
    if (!all && !matches(stored)) continue;
    // The next page starts right behind the last object of this one, so that what comes between is not lost.
    if (limit > 0 && items.length === limit) return { items, next: `${last}\0` };
    items.push(stored);
    last = key;
  }
  return { items };
}

/** Objects that a selector looks at in one turn; those that nobody has read yet are parsed for it. */
const lookedAtOnce = 500;

function prefixOf(ns: string): string {
  return ns === '' ? '' : `${ns}/`;
}

async function snapshotFor(
  parts: Parts,
  { signal }: RequestContext,
  ns: string,
  options: ListOptions,
): Promise<{ snapshot: Snapshot; start: string }> {
  if (options.continue) return continued(parts, signal, ns, options);
  const revision = parseListRevision(options.resourceVersion);
  if (revision !== undefined && options.resourceVersionMatch === 'Exact') {
    return { snapshot: await snapshotAt(parts, revision, prefixOf(ns)), start: '' };
  }
  const within = prefixOf(ns);
  const snapshot = await (revision === undefined
    ? newestSnapshot(parts, within, signal)
    : snapshotFrom(parts, revision, within, signal));
  return { snapshot, start: '' };
}

async function continued(
  parts: Parts,
  signal: AbortSignal,
  ns: string,
  options: ListOptions,
): Promise<{ snapshot: Snapshot; start: string }> {
  const token = decodeContinue(options.continue ?? '');
  if (options.resourceVersion && options.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const start = prefixOf(ns) + token.start;
  if (token.revision < 0) return { snapshot: await newestSnapshot(parts, prefixOf(ns), signal), start };
  try {
    return { snapshot: await snapshotAt(parts, token.revision, prefixOf(ns)), start };
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 410) throw error;
    throw tooOldToContinue(token.start);
  }
}

/** 410 with a token that goes on in the newest state, for clients that can live with that (`etcd3/errors.go`). */
function tooOldToContinue(start: string): Error {
  const { status } = gone(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  );
  const token = encodeContinue({ revision: -1, start });
  return new StatusError({ ...status, metadata: { ...status.metadata, continue: token } });
}
