/**
 * Admission: who may write is settled, and what they write is well formed; here the cluster's own rules complete it or
 * refuse it. The order is upstream's (`pkg/kubeapiserver/options/plugins.go`) and it matters: what one plugin fills in,
 * a later one judges.
 */
import type { Clock, Random } from '#base';
import { AdmissionChain } from './chain.ts';
import { certificateSubjectRestriction } from './certificate-subject-restriction.ts';
import { DefaultIngressClass } from './default-ingress-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { NamespaceLifecycle } from './namespace-lifecycle.ts';
import type { AdmissionPlugin, Lookup } from './plugin.ts';
import { priority } from './priority.ts';
import { ServiceAccountAdmission } from './service-account.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export { AdmissionChain } from './chain.ts';
export type { AdmissionPlugin, Attributes, Lookup } from './plugin.ts';

/** All plugins, in their order; `more` come last. */
export function admissionChain(
  dependencies: { lookup: Lookup; clock: Clock; random: Random },
  more: readonly AdmissionPlugin[] = [],
): AdmissionChain {
  return new AdmissionChain([
    // No object without a living namespace.
    new NamespaceLifecycle(dependencies),
    // The account first: what follows may look at its volumes and pull secrets.
    new ServiceAccountAdmission(dependencies),
    taintNodesByCondition,
    priority,
    defaultTolerationSeconds,
    certificateSubjectRestriction,
    new DefaultIngressClass(dependencies),
    // What only the edge can judge: whether a role gives away more than its writer has.
    ...more,
  ]);
}
