import { isIPv6 } from 'node:net';
import { FieldPath, isDns1123Subdomain, isQualifiedName, type FieldErrors } from '#machinery';
import { validateIp } from '../../meta/v1/ip-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { Pod } from './pod.ts';
import { validateContainerStatuses } from './validation/container-statuses.ts';
import { validatePodAnnotations, validatePodAnnotationsUpdate } from './validation/pod-annotations.ts';
import { validatePodClaimStatuses } from './validation/pod-claim-statuses.ts';

const path = FieldPath.of('status');
const annotations = FieldPath.of('metadata', 'annotations');
const wholeGeneration = 'must be a non-negative integer';

/** What kubelets and the scheduler say of a pod (`ValidatePodStatusUpdate`). */
export function validatePodStatus(pod: Pod, errors: FieldErrors, old: Pod): void {
  const { status } = pod;
  validatePodAnnotationsUpdate(pod, old, errors, annotations);
  validatePodAnnotations(pod, errors, annotations);
  validateConditions(pod, errors, path.child('conditions'));
  validateNominatedNode(pod, old, errors, path.child('nominatedNodeName'));
  const { observedGeneration = 0 } = status;
  if (observedGeneration < 0) {
    errors.invalid(path.child('observedGeneration'), observedGeneration, wholeGeneration);
  }
  validateImmutable(status.qosClass ?? '', old.status.qosClass ?? '', errors, path.child('qosClass'));
  validateContainerStatuses(pod, old, errors, path);
  validatePodClaimStatuses(pod, errors, path);
  validateIps(status.podIPs ?? [], old.status.podIPs ?? [], errors, path.child('podIPs'));
  const { hostIPs = [], hostIP = '' } = status;
  const [first] = hostIPs;
  if (first && first.ip !== hostIP) {
    errors.invalid(path.child('hostIPs').index(0).child('ip'), first.ip, 'must be equal to `hostIP`');
  }
  validateIps(hostIPs, old.status.hostIPs ?? [], errors, path.child('hostIPs'));
}

const ofSystem = new Set(['PodScheduled', 'Ready', 'Initialized']);

function validateConditions({ status: { conditions = [] } }: Pod, errors: FieldErrors, at: FieldPath): void {
  for (const [index, { type, observedGeneration = 0 }] of conditions.entries()) {
    const here = at.index(index);
    if (observedGeneration < 0) {
      errors.invalid(here.child('observedGeneration'), observedGeneration, wholeGeneration);
    }
    if (ofSystem.has(type)) continue;
    for (const why of isQualifiedName(type)) errors.invalid(here.child('Type'), type, why);
  }
}

function validateNominatedNode({ status }: Pod, old: Pod, errors: FieldErrors, at: FieldPath): void {
  const { nominatedNodeName: name = '' } = status;
  if (name === '' || name === (old.status.nominatedNodeName ?? '')) return;
  for (const why of isDns1123Subdomain(name)) errors.invalid(at, name, why);
  if (old.spec.nodeName) errors.forbidden(at, 'may not be set on pods that are already bound to a node');
}

/** One address of each family; what was there and is none may stay. */
function validateIps(
  ips: readonly { ip: string }[],
  old: readonly { ip: string }[],
  errors: FieldErrors,
  at: FieldPath,
): void {
  for (const [index, { ip }] of ips.entries()) {
    if (!old.some((one) => one.ip === ip)) validateIp(ip, errors, at.index(index));
  }
  if (ips.length < 2 || (ips.length === 2 && new Set(ips.map(({ ip }) => isIPv6(ip))).size === 2)) return;
  errors.invalid(at, ips, 'may specify no more than one IP for each IP family');
}
