import { Quantity } from '#machinery';
import type { Service } from '../core/v1/index.ts';
import type { QuotaEvaluator } from './evaluator.ts';

const names = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

/** Services, and the ports of nodes and the load balancers that they want (`pkg/quota/v1/evaluator/core/services.go`). */
export const serviceQuota: QuotaEvaluator<Service> = {
  counts: (name) => names.includes(name),
  usage: ({ spec }) => {
    const counts = [1, 1, nodePortsOf(spec), spec.type === 'LoadBalancer' ? 1 : 0];
    return Object.fromEntries(names.map((name, at) => [name, Quantity.of(counts[at] ?? 0)]));
  },
  chargedUpdates: [''],
  freesSomething: (old, service) => old.spec.type !== service.spec.type,
};

/** How many ports of nodes it will have: they may not be given out yet. */
function nodePortsOf({ type, ports = [], allocateLoadBalancerNodePorts }: Service['spec']): number {
  if (type === 'NodePort') return ports.length;
  if (type !== 'LoadBalancer') return 0;
  if (allocateLoadBalancerNodePorts !== false) return ports.length;
  return ports.filter(({ nodePort }) => nodePort).length;
}
