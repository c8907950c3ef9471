import { FieldPath, type FieldErrors } from '#machinery';
import type { Pod } from './pod.ts';
import { validateImageSpaces } from './validation/containers.ts';
import { validatePodSpec } from './validation/pod-spec.ts';
import { validatePodUpdate } from './validation/pod-update.ts';

const path = FieldPath.of('spec');

/** The rules of pods (`pkg/apis/core/validation/validation.go`). */
export function validatePod(pod: Pod, errors: FieldErrors, old?: Pod): void {
  const { spec } = pod;
  validatePodSpec(spec, pod.metadata.name ?? '', errors, path);
  validateImageSpaces(spec.containers, errors, path.child('containers'));
  validateImageSpaces(spec.initContainers ?? [], errors, path.child('initContainers'));
  if (!spec.serviceAccountName) forbidTokens(pod, errors);
  if (old) validatePodUpdate(pod, old, errors, path);
  else validateNewPod(pod, errors);
}

function validateNewPod({ spec }: Pod, errors: FieldErrors): void {
  if (spec.ephemeralContainers?.length) errors.forbidden(path.child('ephemeralContainers'), 'cannot be set on create');
  if (spec.nodeName && spec.schedulingGates?.length) {
    errors.forbidden(path.child('nodeName'), 'cannot be set until all schedulingGates have been cleared');
  }
}

/** Who is nobody has no token. */
function forbidTokens({ spec }: Pod, errors: FieldErrors): void {
  for (const [at, { projected }] of (spec.volumes ?? []).entries()) {
    for (const [index, { serviceAccountToken }] of (projected?.sources ?? []).entries()) {
      if (!serviceAccountToken) continue;
      const source = path.child('volumes').index(at).child('projected', 'sources').index(index);
      errors.forbidden(source.child('serviceAccountToken'), 'must not be specified when serviceAccountName is not set');
    }
  }
}
