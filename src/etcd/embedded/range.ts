import type { KeyValue, RangeRequest, RangeResponse } from '../store.ts';
import { keyRange } from './keys.ts';
import type { Mvcc } from './mvcc.ts';

/** What lives in a range at a revision, each as a function that reads it. */
export function readersAt(mvcc: Mvcc, request: RangeRequest, revision: number): (() => KeyValue)[] {
  const found = mvcc.scan(keyRange(request.key, request.rangeEnd), revision);
  return found.map(
    ([key, version]) =>
      () =>
        mvcc.read(key, version, request.keysOnly && request.sort?.by !== 'value'),
  );
}

/**
 * Filters, sorts, limits and projects what a range found. `found` is in the order of keys; a value is only read when it
 * is needed. The count is that of all found keys, as etcd counts before filters and limit.
 */
export function rangeOver(request: RangeRequest, found: readonly (() => KeyValue)[], revision: number): RangeResponse {
  const header = { revision };
  if (request.countOnly) return { header, kvs: [], more: false, count: found.length };
  const limit = request.limit && request.limit > 0 ? request.limit : Infinity;
  if (!needsAll(request)) {
    const kvs = found.slice(0, limit).map((read) => project(read(), request));
    return { header, kvs, more: found.length > limit, count: found.length };
  }
  const all = found.map((read) => read()).filter((kv) => passes(kv, request));
  if (request.sort) all.sort(comparator(request.sort));
  return {
    header,
    kvs: all.slice(0, limit).map((kv) => project(kv, request)),
    more: all.length > limit,
    count: found.length,
  };
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
