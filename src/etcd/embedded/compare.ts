import type { Compare, KeyValue } from '../store.ts';

/** A key that does not exist compares as if all its numbers were 0 (etcd `server/etcdserver/txn`). */
export const missingKey: Pick<KeyValue, 'version' | 'createRevision' | 'modRevision' | 'lease'> = {
  version: 0,
  createRevision: 0,
  modRevision: 0,
  lease: 0n,
};

/** Whether a condition holds for a key; a condition on the value never holds for a key that does not exist. */
export function holds(compare: Compare, kv: KeyValue | undefined): boolean {
  const order = orderOf(compare, kv);
  if (order === undefined) return false;
  switch (compare.result) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
  }
}

function orderOf(compare: Compare, kv: KeyValue | undefined): number | undefined {
  const actual = kv ?? missingKey;
  switch (compare.target) {
    case 'version':
      return Math.sign(actual.version - compare.value);
    case 'create':
      return Math.sign(actual.createRevision - compare.value);
    case 'mod':
      return Math.sign(actual.modRevision - compare.value);
    case 'lease':
      return actual.lease < compare.value ? -1 : Number(actual.lease > compare.value);
    case 'value':
      return kv && Buffer.compare(kv.value, compare.value);
  }
}
