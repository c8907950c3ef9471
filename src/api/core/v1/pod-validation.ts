import { FieldPath, type FieldErrors } from '#machinery';
import type { Pod } from './pod.ts';
import { validateImageSpaces } from './validation/containers.ts';
import {
  validatePodAnnotations,
  validatePodAnnotationsUpdate,
  validateProfileAnnotations,
} from './validation/pod-annotations.ts';
import { validatePodSpec } from './validation/pod-spec.ts';
import { validatePodUpdate } from './validation/pod-update.ts';

const path = FieldPath.of('spec');
const annotations = FieldPath.of('metadata', 'annotations');

/** The rules of pods (`pkg/apis/core/validation/validation.go`). */
export function validatePod(pod: Pod, errors: FieldErrors, old?: Pod): void {
  validateWholePod(pod, errors);
  if (old) {
    validatePodAnnotationsUpdate(pod, old, errors, annotations);
    validatePodUpdate(pod, old, errors, path);
  } else validateNewPod(pod, errors);
}

/** What holds of every pod, new or old (`validatePodMetadataAndSpec`). */
export function validateWholePod(pod: Pod, errors: FieldErrors): void {
  const { spec } = pod;
  validatePodSpec(spec, pod.metadata.name ?? '', errors, path);
  validateImageSpaces(spec.containers, errors, path.child('containers'));
  if (spec.initContainers) validateImageSpaces(spec.initContainers, errors, path.child('initContainers'));
  if (!spec.serviceAccountName) forbidTokens(pod, errors);
  validatePodAnnotations(pod, errors, annotations);
}

function validateNewPod(pod: Pod, errors: FieldErrors): void {
  const { spec } = pod;
  if (spec.ephemeralContainers?.length) errors.forbidden(path.child('ephemeralContainers'), 'cannot be set on create');
  if (spec.nodeName && spec.schedulingGates?.length) {
    errors.forbidden(path.child('nodeName'), 'cannot be set until all schedulingGates have been cleared');
  }
  validateProfileAnnotations(pod, errors, path);
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
