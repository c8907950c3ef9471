import { FieldPath, type FieldErrors } from '#machinery';
import { validateConditions } from '../../meta/v1/condition-validation.ts';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';
import { validateAtMostAll, validateCountOrPercent } from '../../meta/v1/share-validation.ts';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';
import type { PodDisruptionBudget } from './pod-disruption-budget.ts';

const path = FieldPath.of('spec');

/** The rules of disruption budgets (`pkg/apis/policy/validation/validation.go`). */
export function validatePodDisruptionBudget({ spec }: PodDisruptionBudget, errors: FieldErrors): void {
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.invalid(path, spec, 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec[field];
    if (value === undefined) continue;
    validateCountOrPercent(value, errors, path.child(field));
    validateAtMostAll(value, errors, path.child(field));
  }
  validateLabelSelector(spec.selector, errors, path.child('selector'));
}

/** `ValidatePodDisruptionBudgetStatusUpdate`. */
export function validatePodDisruptionBudgetStatus({ status }: PodDisruptionBudget, errors: FieldErrors): void {
  const at = FieldPath.of('status');
  validateConditions(status.conditions ?? [], errors, at.child('conditions'));
  for (const field of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const) {
    validateNotNegative(status[field], errors, at.child(field));
  }
}
