import type { KeyValue, RangeRequest, RangeResponse } from '../store.ts';
import { keyRange } from './keys.ts';
import type { Mvcc } from './mvcc.ts';

/** What lives in a range at a revision: the number of keys, and a function that reads each of those that are needed. */
export interface Found {
  count: number;
  readers: readonly (() => KeyValue)[];
}

/** Looks at every key of a range, as etcd counts them all, and keeps no more of them than the request asks for. */
export function findAt(mvcc: Mvcc, request: RangeRequest, revision: number): Found {
  const { found, count } = mvcc.scan(keyRange(request.key, request.rangeEnd), revision, neededOf(request));
  const keysOnly = request.keysOnly && request.sort?.by !== 'value';
  return {
    count,
    readers: found.map(
      ([key, version]) =>
        () =>
          mvcc.read(key, version, keysOnly),
    ),
  };
}

/**
 * Filters, sorts, limits and projects what a range found, which is in the order of keys; a value is only read when it
 * is needed. The count is that of all found keys, as etcd counts before filters and limit.
 */
export function rangeOver(request: RangeRequest, { count, readers }: Found, revision: number): RangeResponse {
  const header = { revision };
  if (request.countOnly) return { header, kvs: [], more: false, count };
  const limit = limitOf(request);
  if (!needsAll(request)) {
    const kvs = readers.slice(0, limit).map((read) => project(read(), request));
    return { header, kvs, more: count > limit, count };
  }
  const all = readers.map((read) => read()).filter((kv) => passes(kv, request));
  if (request.sort) all.sort(comparator(request.sort));
  return { header, kvs: all.slice(0, limit).map((kv) => project(kv, request)), more: all.length > limit, count };
}

/** How many of the keys that a range finds, from its first one on, are looked at. */
function neededOf(request: RangeRequest): number {
  if (request.countOnly) return 0;
  return needsAll(request) ? Infinity : limitOf(request);
}

function limitOf({ limit }: RangeRequest): number {
  return limit && limit > 0 ? limit : Infinity;
}

function needsAll(request: RangeRequest): boolean {
  const { sort, minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  return Boolean(sort || minModRevision || maxModRevision || minCreateRevision || maxCreateRevision);
}

function passes(kv: KeyValue, request: RangeRequest): boolean {
  return (
    kv.modRevision >= (request.minModRevision || 0) &&
    kv.modRevision <= (request.maxModRevision || Infinity) &&
    kv.createRevision >= (request.minCreateRevision || 0) &&
    kv.createRevision <= (request.maxCreateRevision || Infinity)
  );
}

function comparator(sort: NonNullable<RangeRequest['sort']>): (a: KeyValue, b: KeyValue) => number {
  const sign = sort.order === 'descend' ? -1 : 1;
  const orders: Record<typeof sort.by, (a: KeyValue, b: KeyValue) => number> = {
    key: (a, b) => Buffer.compare(a.key, b.key),
    value: (a, b) => Buffer.compare(a.value, b.value),
    version: (a, b) => a.version - b.version,
    create: (a, b) => a.createRevision - b.createRevision,
    mod: (a, b) => a.modRevision - b.modRevision,
  };
  return (a, b) => sign * orders[sort.by](a, b);
}

function project(kv: KeyValue, request: RangeRequest): KeyValue {
  return request.keysOnly ? { ...kv, value: new Uint8Array() } : kv;
}
