import type { Pod } from '#api';
import { maxNodeScore, type CycleState, type Plugin } from '../framework/plugin.ts';
import { unschedulable } from '../framework/status.ts';
import type { NodeInfo } from '../node-info.ts';
import { nonZeroRequests, podRequests, type Amounts } from '../resources.ts';

const name = 'NodeResourcesFit';

interface Wanted {
  requests: Amounts;
  nonZero: { cpu: number; memory: number };
}

/** A pod fits where what it asks for is free; of nodes that fit, the one with most left is best (`LeastAllocated`). */
export const nodeResourcesFit: Plugin = {
  name,
  preFilter(state, pod) {
    state.set(name, { requests: podRequests(pod), nonZero: nonZeroRequests(pod) } satisfies Wanted);
    return undefined;
  },
  filter(state, pod, node) {
    const reasons = insufficient(wanted(state, pod).requests, node);
    return reasons.length === 0 ? undefined : unschedulable(...reasons);
  },
  score: (state, pod, node) => leastAllocated(wanted(state, pod), node),
  mayHelp: (event, pod) => {
    if (event.kind === 'nodeAdded' || event.kind === 'podLeft' || event.kind === 'podUpdated') return true;
    return fitsEmpty(podRequests(pod), event.node.status.allocatable);
  },
};

/** What both resource plugins want to know of a pod; computed once a cycle. */
export function wanted(state: CycleState, pod: Pod): Wanted {
  return (state.get(name) as Wanted | undefined) ?? { requests: podRequests(pod), nonZero: nonZeroRequests(pod) };
}

function insufficient(requests: Amounts, node: NodeInfo): string[] {
  const reasons: string[] = [];
  if (node.podCount + 1 > (node.allocatable['pods'] ?? 0)) reasons.push('Too many pods');
  for (const [resource, amount] of Object.entries(requests)) {
    const free = (node.allocatable[resource] ?? 0) - (node.requested[resource] ?? 0);
    if (amount > 0 && amount > free) reasons.push(`Insufficient ${resource}`);
  }
  return reasons;
}

/** The mean of what share of CPU and of memory would be left. */
function leastAllocated({ nonZero }: Wanted, node: NodeInfo): number {
  const left = (['cpu', 'memory'] as const).flatMap((resource) => {
    const allocatable = node.allocatable[resource] ?? 0;
    if (allocatable === 0) return [];
    const used = node.nonZero[resource] + nonZero[resource];
    return used > allocatable ? 0 : Math.floor(((allocatable - used) * maxNodeScore) / allocatable);
  });
  return left.length === 0 ? 0 : Math.floor(left.reduce((sum, share) => sum + share, 0) / left.length);
}

/** A changed node is only worth another try when it names the resources that are asked for. */
function fitsEmpty(requests: Amounts, allocatable: Readonly<Record<string, string>> | undefined): boolean {
  return Object.entries(requests).every(([resource, amount]) => amount === 0 || allocatable?.[resource] !== undefined);
}
