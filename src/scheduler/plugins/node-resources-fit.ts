import type { Pod } from '#api';
import { maxNodeScore, type CycleState, type Plugin } from '../framework/plugin.ts';
import { unresolvable, unschedulable } from '../framework/status.ts';
import type { NodeInfo } from '../node-info.ts';
import { amountsOf, nonZeroRequests, podRequests, type Amounts } from '../resources.ts';

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
    const { requests } = wanted(state, pod);
    const reasons = insufficient(requests, node);
    if (reasons.length === 0) return undefined;
    // Where not even an empty node would do, nothing is won by pods that leave it.
    return holds(node.allocatable, requests) ? unschedulable(...reasons) : unresolvable(...reasons);
  },
  score: (state, pod, node) => leastAllocated(wanted(state, pod), node),
  mayHelp: (event, pod) => {
    if (event.kind === 'podLeft' || event.kind === 'podUpdated') return true;
    const requests = podRequests(pod);
    const now = amountsOf(event.node.status.allocatable);
    if (!holds(now, requests)) return false;
    return event.kind === 'nodeAdded' || grew(amountsOf(event.old.status.allocatable), now, requests);
  },
};

/** What both resource plugins want to know of a pod; computed once a cycle. */
export function wanted(state: CycleState, pod: Pod): Wanted {
  // Only this plugin writes under its name.
  return (state.get(name) as Wanted | undefined) ?? { requests: podRequests(pod), nonZero: nonZeroRequests(pod) };
}

function insufficient(requests: Amounts, node: NodeInfo): string[] {
  const reasons: string[] = [];
  if (node.podCount + 1 > (node.allocatable['pods'] ?? 0)) reasons.push('Too many pods');
  for (const resource in requests) {
    const amount = requests[resource] ?? 0;
    const free = (node.allocatable[resource] ?? 0) - (node.requested[resource] ?? 0);
    if (amount > 0 && amount > free) reasons.push(`Insufficient ${resource}`);
  }
  return reasons;
}

/** Whether a node without any pod has what is asked for. */
function holds(allocatable: Readonly<Amounts>, requests: Readonly<Amounts>): boolean {
  return Object.entries(requests).every(([resource, amount]) => amount <= (allocatable[resource] ?? 0));
}

function grew(before: Readonly<Amounts>, now: Readonly<Amounts>, requests: Readonly<Amounts>): boolean {
  const asked = Object.keys(requests).filter((resource) => requests[resource]);
  return [...asked, 'pods'].some((resource) => (now[resource] ?? 0) > (before[resource] ?? 0));
}

/** The mean of what share of CPU and of memory would be left. */
function leastAllocated({ nonZero }: Wanted, node: NodeInfo): number {
  let sum = 0;
  let count = 0;
  for (const resource of ['cpu', 'memory'] as const) {
    const allocatable = node.allocatable[resource] ?? 0;
    if (allocatable === 0) continue;
    const used = node.nonZero[resource] + nonZero[resource];
    sum += used > allocatable ? 0 : Math.floor(((allocatable - used) * maxNodeScore) / allocatable);
    count++;
  }
  return count === 0 ? 0 : Math.floor(sum / count);
}
