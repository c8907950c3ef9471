import type { PodDisruptionBudget, Service } from '#api';
import type { Clock, Random } from '#base';
import type { Resource } from '#machinery';
import type { Lookup } from '../admission/plugin.ts';
import type { ResourceStore } from '../registry/store.ts';
import type { Strategy } from '../registry/strategy.ts';
import { admissionRegistrationStrategies } from './admission-registration.ts';
import { apiServiceStrategy } from './api-services.ts';
import { certificateSigningRequestStrategy } from './certificate-signing-requests.ts';
import { customResourceDefinitionStrategy } from './custom-resource-definitions.ts';
import { dynamicResourceStrategies } from './dynamic-resources.ts';
import { eventsConversion } from './events-conversion.ts';
import { flowControlStrategies } from './flow-control.ts';
import { namespaceStrategy } from './namespaces.ts';
import { networkingStrategies } from './networking.ts';
import { nodeStrategy } from './nodes.ts';
import { persistentVolumeClaimStrategy } from './persistent-volume-claims.ts';
import { persistentVolumeStrategy } from './persistent-volumes.ts';
import { DisruptionBudgets } from './disruption-budgets.ts';
import { podDisruptionBudgetStrategy } from './pod-disruption-budgets.ts';
import { podStrategy } from './pods.ts';
import { priorityClassStrategy } from './priority-classes.ts';
import { leaseStrategy } from './leases.ts';
import { limitRangeStrategy, podTemplateStrategy, resourceQuotaStrategy } from './quotas.ts';
import { replicationControllerStrategy } from './replication-controllers.ts';
import { serviceAccountStrategy, type TokenSigner } from './service-accounts.ts';
import type { ServiceAllocation } from './services/allocation.ts';
import { serviceStrategy } from './services/services.ts';
import { specAndStatus } from './spec-and-status.ts';
import { storageStrategies } from './storage.ts';
import { workloadStrategies } from './workloads.ts';

export interface StrategyOptions {
  lookup: Lookup;
  allocation: ServiceAllocation;
  /** Deletes the Endpoints of a Service that is gone. */
  forgetEndpoints: (service: Service) => Promise<void>;
  /** Evictions ask them; there when requests come. */
  budgets: () => ResourceStore<PodDisruptionBudget>;
  signToken: TokenSigner;
  eventTtlSeconds: number;
  clock: Clock;
  random: Random;
}

/** What is special about each resource, by `plural.group`. */
export function strategiesOf(options: StrategyOptions): Readonly<Record<string, Strategy>> {
  const {
    lookup,
    allocation,
    forgetEndpoints,
    budgets,
    signToken: sign,
    eventTtlSeconds: ttlSeconds,
    clock,
    random,
  } = options;
  const rbac: Strategy = { allowCreateOnUpdate: true };
  const strategies = {
    pods: podStrategy(new DisruptionBudgets({ store: budgets, clock }), clock),
    'poddisruptionbudgets.policy': podDisruptionBudgetStrategy,
    services: serviceStrategy(allocation, forgetEndpoints),
    namespaces: namespaceStrategy,
    nodes: nodeStrategy,
    serviceaccounts: serviceAccountStrategy({ sign, lookup }),
    ...workloadStrategies,
    ...storageStrategies,
    persistentvolumes: persistentVolumeStrategy(clock),
    persistentvolumeclaims: persistentVolumeClaimStrategy,
    podtemplates: podTemplateStrategy,
    replicationcontrollers: replicationControllerStrategy,
    limitranges: limitRangeStrategy(random),
    resourcequotas: resourceQuotaStrategy,
    'priorityclasses.scheduling.k8s.io': priorityClassStrategy,
    endpoints: { allowCreateOnUpdate: true },
    'runtimeclasses.node.k8s.io': { allowCreateOnUpdate: true, allowUnconditionalUpdate: false },
    events: {
      allowCreateOnUpdate: true,
      ttlSeconds,
      garbageCollection: 'unsupported',
      convert: eventsConversion.versions,
    },
    'leases.coordination.k8s.io': leaseStrategy,
    'certificatesigningrequests.certificates.k8s.io': certificateSigningRequestStrategy(clock),
    ...dynamicResourceStrategies({ lookup, clock }),
    ...admissionRegistrationStrategies,
    'apiservices.apiregistration.k8s.io': apiServiceStrategy(clock),
    'customresourcedefinitions.apiextensions.k8s.io': customResourceDefinitionStrategy,
    ...flowControlStrategies,
    ...networkingStrategies,
    'roles.rbac.authorization.k8s.io': rbac,
    'rolebindings.rbac.authorization.k8s.io': rbac,
    'clusterroles.rbac.authorization.k8s.io': rbac,
    'clusterrolebindings.rbac.authorization.k8s.io': rbac,
  } satisfies Record<string, unknown>;
  // Each strategy sees the kind of its own resource only.
  return strategies as unknown as Readonly<Record<string, Strategy>>;
}

/** The strategy of a resource that nothing is special about: by whether it has a status. */
export function defaultStrategy(resource: Resource): Strategy {
  return resource.subresources && 'status' in resource.subresources ? specAndStatus(resource) : {};
}
