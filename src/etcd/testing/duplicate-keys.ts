import type { DeleteRangeRequest, RequestOp, TxnRequest } from '../store.ts';

interface Touched {
  puts: Set<string>;
  deletes: DeleteRangeRequest[];
}

/**
 * Whether etcd refuses a transaction because it puts a key twice, or puts and deletes one (`v3rpc/key.go`,
 * `checkIntervals`). Upstream looks at what earlier operations delete when a later nested transaction puts, and not the
 * other way round; that is the rule here, too.
 */
export function hasDuplicateKeys({ success, failure }: TxnRequest): boolean {
  return touched(success) === undefined || touched(failure) === undefined;
}

function touched(ops: readonly RequestOp[]): Touched | undefined {
  const puts = new Set<string>();
  const deletes = ops.flatMap((op) => ('deleteRange' in op ? op.deleteRange : []));
  const isTaken = (key: string): boolean => puts.has(key) || deletes.some((one) => deletesKey(one, key));
  for (const op of ops) {
    if (!('txn' in op)) continue;
    const [success, failure] = [touched(op.txn.success), touched(op.txn.failure)];
    if (!success || !failure) return undefined;
    const own = new Set([...success.puts, ...failure.puts]); // one key in both branches is put once
    if ([...own].some(isTaken)) return undefined;
    for (const key of own) puts.add(key);
    deletes.push(...success.deletes, ...failure.deletes);
  }
  for (const op of ops) {
    if (!('put' in op)) continue;
    const key = Buffer.from(op.put.key).toString('latin1');
    if (isTaken(key)) return undefined;
    puts.add(key);
  }
  return { puts, deletes };
}

function deletesKey({ key, rangeEnd }: DeleteRangeRequest, name: string): boolean {
  const start = Buffer.from(key).toString('latin1');
  return rangeEnd ? name >= start && name < Buffer.from(rangeEnd).toString('latin1') : name === start;
}
