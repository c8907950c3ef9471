import type { Service } from '#api';
import type { Strategy, UpdateStrategy } from '../../registry/strategy.ts';
import { keepSpec, keepStatus } from '../spec-and-status.ts';
import type { ServiceAllocation } from './allocation.ts';
import { carryOver, dropForType } from './carry-over.ts';
import { normalizeClusterIps } from './families.ts';

/** Services: a name that keeps an address (`pkg/registry/core/service`). */
export function serviceStrategy(allocation: ServiceAllocation): Strategy<Service> {
  return {
    allowCreateOnUpdate: true,
    answersObject: true,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      normalizeClusterIps(service);
    },
    prepareForUpdate(service, old) {
      keepStatus(service, old);
      normalizeClusterIps(service, old);
      carryOver(service, old);
      dropForType(service, old);
    },
    reserve: (service, old, dryRun) => allocation.reserve(service, old, dryRun),
    afterDelete: (service) => allocation.release(service),
    subresources: { status: (store) => store.partial('status', serviceStatusStrategy) },
  };
}

const serviceStatusStrategy: UpdateStrategy<Service> = {
  validatesObject: false,
  prepareForUpdate: keepSpec,
};
