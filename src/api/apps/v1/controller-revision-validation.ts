import { FieldPath, isObject, type FieldErrors } from '#machinery';
import { validateImmutable, validateNotNegative } from '../../meta/v1/value-validation.ts';
import type { ControllerRevision } from './controller-revision.ts';

/** The rules of controller revisions (`pkg/apis/apps/validation/validation.go`). */
export function validateControllerRevision(
  { data, revision }: ControllerRevision,
  errors: FieldErrors,
  old?: ControllerRevision,
): void {
  validateNotNegative(revision, errors, FieldPath.of('revision'));
  const path = FieldPath.of('data');
  if (old) validateImmutable(data, old.data, errors, path);
  else if (data === undefined || data === null) errors.required(path, 'data is mandatory');
  else if (!isObject(data)) errors.required(path, 'data must be a valid JSON object');
}
