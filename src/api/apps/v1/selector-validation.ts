import { type FieldErrors, type FieldPath } from '#machinery';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';

/** The selector by which a workload finds its pods: one that is absent is told of by the schema. */
export function validateWorkloadSelector(
  selector: LabelSelector | undefined,
  workload: 'daemonset' | 'deployment' | 'statefulset',
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!selector) return;
  validateLabelSelector(selector, errors, path);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length + matchExpressions.length > 0) return;
  errors.invalid(path, selector, `empty selector is invalid for ${workload}`);
}
