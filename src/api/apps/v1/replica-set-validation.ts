import { FieldPath, type FieldErrors } from '#machinery';
import { bySelector, validateReplicatedTemplate } from '../../core/v1/validation/pod-template.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { ReplicaSet } from './replica-set.ts';
import { isReadable, unreadable, validateWorkloadSelector } from './selector-validation.ts';

const path = FieldPath.of('spec');

/** The rules of replica sets (`pkg/apis/apps/validation/validation.go`). */
export function validateReplicaSet({ spec }: ReplicaSet, errors: FieldErrors, old?: ReplicaSet): void {
  const { selector, template } = spec;
  validateWorkloadSelector(selector, 'deployment', errors, path.child('selector'));
  if (!isReadable(selector)) errors.invalid(path.child('selector'), selector, unreadable);
  else if (template)
    validateReplicatedTemplate(template, bySelector(selector), 'ReplicaSet', errors, path.child('template'));
  else errors.required(path.child('template'));
  if (old) validateImmutable(selector, old.spec.selector, errors, path.child('selector'));
}
