import { FieldPath, type FieldErrors } from '#machinery';
import { validateReplicatedTemplate } from '../../core/v1/validation/pod-template.ts';
import type { ReplicaSet } from './replica-set.ts';
import { validateWorkloadSelector } from './selector-validation.ts';

const path = FieldPath.of('spec');

/** The rules of replica sets (`pkg/apis/apps/validation/validation.go`). */
export function validateReplicaSet({ spec }: ReplicaSet, errors: FieldErrors, old?: ReplicaSet): void {
  validateWorkloadSelector(spec.selector, old?.spec, errors, path.child('selector'));
  if (spec.template) validateReplicatedTemplate(spec.template, spec.selector, errors, path.child('template'));
  else errors.required(path.child('template'));
}
