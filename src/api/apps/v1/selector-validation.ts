import { selectorOf, type FieldErrors, type FieldPath } from '#machinery';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';

/** What is said of a selector that cannot, beside what is wrong with it. */
export const unreadable = 'invalid label selector';

/** Whether a selector can be asked of labels at all. */
export function isReadable(selector: LabelSelector | undefined): boolean {
  try {
    selectorOf(selector);
    return true;
  } catch {
    return false;
  }
}

/** The selector by which a workload finds its pods: one that is absent is told of by the schema. */
export function validateWorkloadSelector(
  selector: LabelSelector | undefined,
  workload: 'daemonset' | 'deployment' | 'statefulset',
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!selector) {
    // Upstream tells only that the template does not match.
    if (workload === 'daemonset') errors.ignoreSchemaAt(path);
    return;
  }
  validateLabelSelector(selector, errors, path);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length + matchExpressions.length > 0) return;
  errors.invalid(path, selector, `empty selector is invalid for ${workload}`);
}
