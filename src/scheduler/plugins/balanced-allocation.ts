import { maxNodeScore, type Plugin } from '../framework/plugin.ts';
import type { NodeInfo } from '../node-info.ts';
import { wanted } from './node-resources-fit.ts';

/** Prefers nodes where CPU and memory would be used in equal shares, so that neither is left over alone. */
export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  score(state, pod, node) {
    const { requests } = wanted(state, pod);
    const shares = (['cpu', 'memory'] as const).flatMap((resource) => share(node, resource, requests[resource] ?? 0));
    return Math.floor((1 - deviation(shares)) * maxNodeScore);
  },
};

function share(node: NodeInfo, resource: string, more: number): number[] {
  const allocatable = node.allocatable[resource] ?? 0;
  return allocatable === 0 ? [] : [Math.min(1, ((node.requested[resource] ?? 0) + more) / allocatable)];
}

function deviation(shares: readonly number[]): number {
  const mean = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
  return Math.sqrt(shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, shares.length));
}
