import type { FieldErrors, FieldPath } from '#machinery';
import type { LabelSelector } from '../../../meta/v1/label-selector.ts';
import { validateQualifiedName } from '../../../meta/v1/label-validation.ts';

interface KeyedSelector {
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  labelSelector?: LabelSelector;
}

/**
 * Labels that other pods have to share with this one, or not to share (`ValidateMatchLabelKeysAndMismatchLabelKeys`). When
 * a pod is checked, its selector has the values of its labels already.
 */
export function validateLabelKeys(selected: KeyedSelector, errors: FieldErrors, path: FieldPath): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = selected;
  validateKeys(matchLabelKeys, labelSelector, errors, path.child('matchLabelKeys'));
  validateKeys(mismatchLabelKeys, labelSelector, errors, path.child('mismatchLabelKeys'));
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const at = matchLabelKeys.lastIndexOf(key);
    // Upstream leaves the name of the field out of the path.
    if (at !== -1 && seen.has(key)) {
      errors.invalid(path.index(at), key, 'exists in both matchLabelKeys and labelSelector');
    }
    seen.add(key);
  }
  for (const [at, key] of matchLabelKeys.entries()) {
    if (!mismatchLabelKeys.includes(key)) continue;
    errors.invalid(path.child('matchLabelKeys').index(at), key, 'exists in both matchLabelKeys and mismatchLabelKeys');
  }
}

function validateKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (keys.length === 0) return;
  if (!selector) return errors.forbidden(path, 'must not be specified when labelSelector is not set');
  for (const [at, key] of keys.entries()) validateQualifiedName(key, errors, path.index(at));
}
