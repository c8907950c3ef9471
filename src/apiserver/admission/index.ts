/**
 * Admission: who may write is settled, and what they write is well formed; here the cluster's own rules complete it or
 * refuse it. The order is upstream's (`pkg/kubeapiserver/options/plugins.go`) and it matters: what one plugin fills in,
 * a later one judges.
 */
import type { Clock, Random } from '#base';
import { AdmissionChain } from './chain.ts';
import { certificateSubjectRestriction } from './certificate-subject-restriction.ts';
import { DefaultIngressClass } from './default-ingress-class.ts';
import { DefaultStorageClass } from './default-storage-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { LimitRanger } from './limit-ranger/limit-ranger.ts';
import { NamespaceLifecycle } from './namespace-lifecycle.ts';
import type { AdmissionPlugin, Lookup } from './plugin.ts';
import { PersistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import { PodTopologyLabels } from './pod-topology-labels.ts';
import { PriorityAdmission } from './priority.ts';
import { ResourceQuotaAdmission, type QuotaLedger } from './resource-quota/resource-quota.ts';
import { RuntimeClassAdmission } from './runtime-class.ts';
import { ServiceAccountAdmission } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export { AdmissionChain } from './chain.ts';
export type { AdmissionPlugin, Attributes, Lookup } from './plugin.ts';
export type { QuotaLedger } from './resource-quota/resource-quota.ts';

/** All plugins, in their order; `more` come before the quotas. */
export function admissionChain(
  dependencies: { lookup: Lookup; quotas: QuotaLedger; clock: Clock; random: Random },
  more: readonly AdmissionPlugin[] = [],
): AdmissionChain {
  return new AdmissionChain([
    // No object without a living namespace.
    new NamespaceLifecycle(dependencies),
    new LimitRanger(dependencies),
    // The account first: what follows may look at its volumes and pull secrets.
    new ServiceAccountAdmission(dependencies),
    taintNodesByCondition,
    new PriorityAdmission(dependencies),
    defaultTolerationSeconds,
    new DefaultStorageClass(dependencies),
    storageObjectInUseProtection,
    new PersistentVolumeClaimResize(dependencies),
    // After the tolerations, since it merges those of the runtime with them.
    new RuntimeClassAdmission(dependencies),
    certificateSubjectRestriction,
    new DefaultIngressClass(dependencies),
    new PodTopologyLabels(dependencies),
    // What only the edge can judge: whether a role gives away more than its writer has.
    ...more,
    // Last: what is refused by others must not be charged.
    new ResourceQuotaAdmission(dependencies),
  ]);
}
