import { FieldPath, isDns1123Label, isEqualJson, type FieldErrors } from '#machinery';
import { validateContainerResources } from '../../core/v1/validation/container-resources.ts';
import { validateTolerations } from '../../core/v1/validation/scheduling.ts';
import { validateLabels } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { RuntimeClass, Scheduling } from './runtime-class.ts';

/** The rules of runtime classes (`pkg/apis/node/validation/validation.go`). */
export function validateRuntimeClass(
  { handler, overhead, scheduling }: RuntimeClass,
  errors: FieldErrors,
  old?: RuntimeClass,
): void {
  const path = FieldPath.of('handler');
  if (old) validateImmutable(handler, old.handler, errors, path);
  if (handler === '') errors.required(path);
  else for (const why of isDns1123Label(handler)) errors.invalid(path, handler, why);
  // What a pod costs is written as if it were a container's limits.
  const limits = overhead?.podFixed ?? {};
  validateContainerResources({ limits }, [], errors, FieldPath.of('overhead'));
  if (scheduling) validateScheduling(scheduling, errors, FieldPath.of('scheduling'));
}

function validateScheduling(
  { nodeSelector, tolerations = [] }: Scheduling,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateLabels(nodeSelector, errors, path.child('nodeSelector'));
  const at = path.child('tolerations');
  validateTolerations(tolerations, errors, at);
  for (const [index, toleration] of tolerations.entries()) {
    const isRepeated = tolerations.slice(0, index).some((one) => isEqualJson(one, toleration));
    if (isRepeated) errors.duplicate(at.index(index), toleration);
  }
}
