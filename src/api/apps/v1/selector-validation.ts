import { type FieldErrors, type FieldPath } from '#machinery';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';

/** The selector by which a workload finds its pods: one that is absent is told of by the schema. */
export function validateWorkloadSelector(
  selector: LabelSelector | undefined,
  old: { selector: LabelSelector } | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (selector) {
    validateLabelSelector(selector, errors, path);
    const { matchLabels = {}, matchExpressions = [] } = selector;
    if (Object.keys(matchLabels).length + matchExpressions.length === 0) {
      // Upstream says "deployment" of replica sets too.
      errors.invalid(path, selector, 'empty selector is invalid for deployment');
    }
  }
  if (old) validateImmutable(selector, old.selector, errors, path);
}
