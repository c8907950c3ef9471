import type { Lease } from '#api';
import type { Strategy } from '../registry/strategy.ts';

/**
 * Leases (`pkg/registry/coordination/lease`). What coordinated leader election writes is behind a gate that is closed in 1.36: it
 * stays only where it is.
 */
export const leaseStrategy: Strategy<Lease> = {
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  prepareForCreate({ spec }) {
    delete spec.strategy;
    delete spec.preferredHolder;
  },
  prepareForUpdate({ spec }, { spec: old }) {
    if (old.strategy === undefined) delete spec.strategy;
    if (old.preferredHolder === undefined) delete spec.preferredHolder;
  },
};
