import type { EndpointSlice } from '#api';
import { isEqualJson } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { bumpGeneration, countedSpec, pureStatusStrategy } from './spec-and-status.ts';

/** Ranges of addresses: who makes one may say how it does (`pkg/registry/networking/servicecidr/strategy.go`). */
const serviceCIDRStrategy: Strategy = {
  subresources: { status: (store) => store.partial('status', pureStatusStrategy) },
};

/** Slices: of their old topology nothing is written any more (`pkg/registry/discovery/endpointslice/strategy.go`). */
const endpointSliceStrategy: Strategy<EndpointSlice> = {
  prepareForCreate(slice) {
    slice.metadata.generation = 1;
    dropTopology(slice);
  },
  prepareForUpdate(slice, old) {
    if (!isEqualJson(wishOf(slice), wishOf(old))) bumpGeneration(slice);
    if (!isEqualJson(slice.endpoints, old.endpoints)) dropTopology(slice);
  },
};

function dropTopology({ endpoints }: EndpointSlice): void {
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology;
}

function wishOf({ endpoints, ports, metadata }: EndpointSlice): object {
  return { endpoints, ports, labels: metadata.labels };
}

/** What is special about the kinds of networking.k8s.io, and of discovery.k8s.io. */
export const networkingStrategies = {
  'endpointslices.discovery.k8s.io': endpointSliceStrategy,
  'ingressclasses.networking.k8s.io': countedSpec,
  'networkpolicies.networking.k8s.io': countedSpec,
  'servicecidrs.networking.k8s.io': serviceCIDRStrategy,
};
