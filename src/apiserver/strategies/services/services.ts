import type { Service } from '#api';
import type { Strategy, UpdateStrategy } from '../../registry/strategy.ts';
import { keepSpec, keepStatus } from '../spec-and-status.ts';
import type { ServiceAllocation } from './allocation.ts';
import { carryOver, dropForType } from './carry-over.ts';
import { defaultFamilies, normalizeClusterIps, validateFamilies } from './families.ts';

/** Services: a name that keeps an address (`pkg/registry/core/service`). */
export function serviceStrategy(allocation: ServiceAllocation): Strategy<Service> {
  const { family } = allocation.ips;
  return {
    allowCreateOnUpdate: true,
    answersObject: true,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      normalizeClusterIps(service);
      defaultFamilies(service, family);
    },
    prepareForUpdate(service, old) {
      keepStatus(service, old);
      normalizeClusterIps(service, old);
      carryOver(service, old);
      dropForType(service, old);
      defaultFamilies(service, family);
    },
    validateCreate: (service, errors) => validateFamilies(service, family, errors),
    validateUpdate: (service, _old, errors) => validateFamilies(service, family, errors),
    reserve: (service, old) => allocation.reserve(service, old),
    afterDelete: (service) => allocation.release(service),
    subresources: { status: (store) => store.partial('status', serviceStatusStrategy) },
  };
}

const serviceStatusStrategy: UpdateStrategy<Service> = {
  validatesObject: false,
  prepareForUpdate: keepSpec,
};
