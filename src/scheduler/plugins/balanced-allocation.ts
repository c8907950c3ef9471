import { maxNodeScore, type Plugin } from '../framework/plugin.ts';
import type { NodeInfo } from '../node-info.ts';
import type { Amounts } from '../resources.ts';
import { wanted } from './node-resources-fit.ts';

const resources = ['cpu', 'memory'] as const;

/**
 * Prefers nodes where the pod brings the shares of CPU and memory in use nearer to each other, so that neither is left
 * over alone. A pod that asks for neither has no say: it would heap up where the balance happens to be best.
 */
export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  score(state, pod, node) {
    const { requests } = wanted(state, pod);
    if (resources.every((resource) => !requests[resource])) return 0;
    const half = maxNodeScore / 2;
    // From 50 to 100: half of it for any node, the rest for the change (`balancedResourceScorer`).
    return half + Math.floor((half + balance(node, requests) - balance(node, {})) / 2);
  },
};

/** From 50, where one resource is used up and the other idle, to 100. */
function balance(node: NodeInfo, more: Readonly<Amounts>): number {
  const shares = resources.flatMap((resource) => share(node, resource, more[resource] ?? 0));
  const [cpu, memory] = shares;
  const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
  return Math.floor((1 - deviation) * maxNodeScore);
}

function share(node: NodeInfo, resource: string, more: number): number[] {
  const allocatable = node.allocatable[resource] ?? 0;
  return allocatable === 0 ? [] : [Math.min(1, ((node.requested[resource] ?? 0) + more) / allocatable)];
}
