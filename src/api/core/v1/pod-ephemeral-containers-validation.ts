import { FieldPath, isEqualJson, validateFields, type FieldErrors } from '#machinery';
import { Pod } from './pod.ts';
import { validateWholePod } from './pod-validation.ts';
import { describeChanges } from './validation/describe-changes.ts';
import { isMirrorPod, validatePodAnnotationsUpdate } from './validation/pod-annotations.ts';

const path = FieldPath.of('spec', 'ephemeralContainers');

/** Ephemeral containers are added, and then stay as they are (`ValidatePodEphemeralContainersUpdate`). */
export function validateEphemeralContainersUpdate(pod: Pod, errors: FieldErrors, old: Pod): void {
  if (isMirrorPod(old)) return errors.forbidden(FieldPath.of(), 'static pods do not support ephemeral containers');
  validateFields(Pod, pod, errors);
  validateWholePod(pod, errors);
  validatePodAnnotationsUpdate(pod, old, errors, FieldPath.of('metadata', 'annotations'));
  const wanted = new Map((pod.spec.ephemeralContainers ?? []).map((one) => [one.name, one]));
  for (const container of old.spec.ephemeralContainers ?? []) {
    const now = wanted.get(container.name);
    const what = `existing ephemeral containers ${JSON.stringify(container.name)}`;
    if (!now) errors.forbidden(path, `${what} may not be removed\n`);
    else if (!isEqualJson(now, container)) {
      errors.forbidden(path, `${what} may not be changed\n${describeChanges(container, now)}`);
    }
  }
}
