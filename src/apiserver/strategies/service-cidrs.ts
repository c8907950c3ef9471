import type { Strategy } from '../registry/strategy.ts';
import { pureStatusStrategy } from './spec-and-status.ts';

/** Ranges of addresses: who makes one may say how it does (`pkg/registry/networking/servicecidr/strategy.go`). */
export const serviceCIDRStrategy: Strategy = {
  subresources: { status: (store) => store.partial('status', pureStatusStrategy) },
};
