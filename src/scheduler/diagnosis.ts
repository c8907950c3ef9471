import type { Status } from './framework/status.ts';

/**
 * Why no node can run a pod, as kube-scheduler says it (`framework.FitError`): the reasons with the number of nodes
 * that gave each, sorted as text.
 */
export function explain(
  nodeCount: number,
  rejected: ReadonlyMap<string, Status>,
  preFilter: Status | undefined,
  postFilter: Status | undefined,
): string {
  if (nodeCount === 0) return 'no nodes available to schedule pods';
  const details = preFilter ? preFilter.reasons.join(', ') : histogram(rejected);
  const after = postFilter ? ` ${postFilter.reasons.join(', ')}` : '';
  return `0/${nodeCount} nodes are available: ${details}.${after}`;
}

function histogram(rejected: ReadonlyMap<string, Status>): string {
  const counts = new Map<string, number>();
  for (const { reasons } of rejected.values())
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
