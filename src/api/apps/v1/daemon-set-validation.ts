import { FieldPath, type FieldErrors } from '#machinery';
import { bySelector, validateReplicatedTemplate } from '../../core/v1/validation/pod-template.ts';
import { isNone, validateAtMostAll, validateCountOrPercent } from '../../meta/v1/share-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { DaemonSet, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from './daemon-set.ts';
import { validateWorkloadSelector } from './selector-validation.ts';

const path = FieldPath.of('spec');

/** The rules of daemon sets (`pkg/apis/apps/validation/validation.go`). */
export function validateDaemonSet({ spec }: DaemonSet, errors: FieldErrors, old?: DaemonSet): void {
  const { selector, template, updateStrategy } = spec;
  if (old) validateImmutable(selector, old.spec.selector, errors, path.child('selector'));
  validateWorkloadSelector(selector, 'daemonset', errors, path.child('selector'));
  validateReplicatedTemplate(template, bySelector(selector), 'DaemonSet', errors, path.child('template'));
  if (updateStrategy) validateStrategy(updateStrategy, errors, path.child('updateStrategy'));
}

function validateStrategy(strategy: DaemonSetUpdateStrategy, errors: FieldErrors, at: FieldPath): void {
  const { type, rollingUpdate } = strategy;
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') return errors.notSupported(at, strategy, ['RollingUpdate', 'OnDelete']);
  if (rollingUpdate) validateRollingUpdate(rollingUpdate, errors, at.child('rollingUpdate'));
  else errors.required(at.child('rollingUpdate'));
}

/** Either the old pod goes first or the new one comes first. */
function validateRollingUpdate(
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDaemonSet,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const [unavailable, surge] = [path.child('maxUnavailable'), path.child('maxSurge')];
  validateCountOrPercent(maxUnavailable, errors, unavailable);
  validateCountOrPercent(maxSurge, errors, surge);
  validateAtMostAll(maxUnavailable, errors, unavailable);
  validateAtMostAll(maxSurge, errors, surge);
  if (!isNone(maxUnavailable) && !isNone(maxSurge)) {
    errors.invalid(surge, maxSurge, 'may not be set when maxUnavailable is non-zero');
  } else if (isNone(maxUnavailable) && isNone(maxSurge)) {
    errors.required(unavailable, 'cannot be 0 when maxSurge is 0');
  }
}
