import { FieldPath, type FieldErrors } from '#machinery';
import { bySelector, validateReplicatedTemplate } from '../../core/v1/validation/pod-template.ts';
import { isNone, validateAtMostAll, validateCountOrPercent } from '../../meta/v1/share-validation.ts';
import { validateImmutable, validateNotNegative } from '../../meta/v1/value-validation.ts';
import type { Deployment, DeploymentStrategy } from './deployment.ts';
import { isReadable, unreadable, validateWorkloadSelector } from './selector-validation.ts';

const path = FieldPath.of('spec');

/** The rules of deployments (`pkg/apis/apps/validation/validation.go`). */
export function validateDeployment({ spec }: Deployment, errors: FieldErrors, old?: Deployment): void {
  const { selector, template, strategy, minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
  // Upstream says "deployment" of replica sets, and "ReplicaSet" of deployments.
  validateWorkloadSelector(selector, 'deployment', errors, path.child('selector'));
  if (isReadable(selector))
    validateReplicatedTemplate(template, bySelector(selector), 'ReplicaSet', errors, path.child('template'));
  else errors.invalid(path.child('selector'), selector, unreadable);
  if (strategy) validateStrategy(strategy, errors, path.child('strategy'));
  if (deadline !== undefined) {
    const at = path.child('progressDeadlineSeconds');
    validateNotNegative(deadline, errors, at);
    if (deadline <= minReadySeconds) errors.invalid(at, deadline, 'must be greater than minReadySeconds');
  }
  if (old) validateImmutable(selector, old.spec.selector, errors, path.child('selector'));
}

function validateStrategy(strategy: DeploymentStrategy, errors: FieldErrors, path: FieldPath): void {
  const { type, rollingUpdate } = strategy;
  const at = path.child('rollingUpdate');
  if (type !== 'Recreate' && type !== 'RollingUpdate') {
    return errors.notSupported(path, strategy, ['Recreate', 'RollingUpdate']);
  }
  if (!rollingUpdate) return;
  if (type === 'Recreate') {
    return errors.forbidden(at, "may not be specified when strategy `type` is 'Recreate'");
  }
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  validateCountOrPercent(maxUnavailable, errors, at.child('maxUnavailable'));
  validateCountOrPercent(maxSurge, errors, at.child('maxSurge'));
  if (isNone(maxUnavailable) && isNone(maxSurge)) {
    // Nothing could ever be replaced.
    errors.invalid(at.child('maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
  validateAtMostAll(maxUnavailable, errors, at.child('maxUnavailable'));
}
