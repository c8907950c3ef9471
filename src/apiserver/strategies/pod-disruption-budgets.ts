import { PodDisruptionBudget } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { beginAs, prepareSpec, statusStrategy } from './spec-and-status.ts';

/**
 * PodDisruptionBudgets (`pkg/registry/policy/poddisruptionbudget/strategy.go`). Evictions count on nobody overwriting
 * what they have not seen, in the status least of all.
 */
export const podDisruptionBudgetStrategy: Strategy<PodDisruptionBudget> = {
  allowUnconditionalUpdate: false,
  prepareForCreate: beginAs(PodDisruptionBudget),
  prepareForUpdate: prepareSpec,
  subresources: {
    status: (store) => store.partial('status', { ...statusStrategy, allowUnconditionalUpdate: false }),
  },
};
