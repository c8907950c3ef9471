import type { Service } from '#api';
import type { Strategy, UpdateStrategy } from '../../registry/strategy.ts';
import { keepSpec, keepStatus } from '../spec-and-status.ts';
import type { ServiceAllocation } from './allocation.ts';
import { carryOver, dropForType } from './carry-over.ts';
import { normalizeClusterIps } from './families.ts';

/** Services: a name that keeps an address (`pkg/registry/core/service`). */
export function serviceStrategy(
  allocation: ServiceAllocation,
  forgetEndpoints: (service: Service) => Promise<void>,
): Strategy<Service> {
  return {
    allowCreateOnUpdate: true,
    answersObject: true,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      dropInternalPolicy(service);
      normalizeClusterIps(service);
    },
    prepareForUpdate(service, old) {
      keepStatus(service, old);
      normalizeClusterIps(service, old);
      carryOver(service, old);
      dropForType(service, old);
      dropInternalPolicy(service);
    },
    reserve: (service, old, dryRun) => allocation.reserve(service, old, dryRun),
    async afterDelete(service) {
      await forgetEndpoints(service);
      await allocation.release(service);
    },
    subresources: { status: (store) => store.partial('status', serviceStatusStrategy) },
  };
}

/** Nothing goes through the cluster to a name outside of it (`defaultOnReadInternalTrafficPolicy`). */
function dropInternalPolicy({ spec }: Service): void {
  if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy;
}

const serviceStatusStrategy: UpdateStrategy<Service> = {
  validatesObject: false,
  prepareForUpdate: keepSpec,
};
