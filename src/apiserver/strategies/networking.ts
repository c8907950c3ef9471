import type { Strategy } from '../registry/strategy.ts';
import { countedSpec, pureStatusStrategy } from './spec-and-status.ts';

/** Ranges of addresses: who makes one may say how it does (`pkg/registry/networking/servicecidr/strategy.go`). */
const serviceCIDRStrategy: Strategy = {
  subresources: { status: (store) => store.partial('status', pureStatusStrategy) },
};

/** What is special about the kinds of networking.k8s.io. */
export const networkingStrategies = {
  'ingressclasses.networking.k8s.io': countedSpec,
  'networkpolicies.networking.k8s.io': countedSpec,
  'servicecidrs.networking.k8s.io': serviceCIDRStrategy,
};
