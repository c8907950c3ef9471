import { FieldPath, type FieldErrors } from '#machinery';
import { validateReplicatedTemplate } from '../../core/v1/validation/pod-template.ts';
import { validateCountOrPercent, validateNotNegative } from '../../meta/v1/value-validation.ts';
import type { Deployment, DeploymentStrategy } from './deployment.ts';
import { validateWorkloadSelector } from './selector-validation.ts';

const path = FieldPath.of('spec');

/** The rules of deployments (`pkg/apis/apps/validation/validation.go`). */
export function validateDeployment({ spec }: Deployment, errors: FieldErrors, old?: Deployment): void {
  const { selector, template, strategy, minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
  validateWorkloadSelector(selector, old?.spec, errors, path.child('selector'));
  validateReplicatedTemplate(template, selector, errors, path.child('template'));
  if (strategy) validateStrategy(strategy, errors, path.child('strategy'));
  if (deadline === undefined) return;
  const at = path.child('progressDeadlineSeconds');
  validateNotNegative(deadline, errors, at);
  if (deadline <= minReadySeconds) errors.invalid(at, deadline, 'must be greater than minReadySeconds');
}

function validateStrategy({ type, rollingUpdate }: DeploymentStrategy, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('rollingUpdate');
  if (!rollingUpdate) return;
  if (type === 'Recreate') {
    return errors.forbidden(at, "may not be specified when strategy `type` is 'Recreate'");
  }
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  validateCountOrPercent(maxUnavailable, errors, at.child('maxUnavailable'));
  validateCountOrPercent(maxSurge, errors, at.child('maxSurge'));
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    // Nothing could ever be replaced.
    errors.invalid(at.child('maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
  if (typeof maxUnavailable === 'string' && /^\d+%$/.test(maxUnavailable) && parseInt(maxUnavailable, 10) > 100) {
    errors.invalid(at.child('maxUnavailable'), maxUnavailable, 'must not be greater than 100%');
  }
}

function isZero(value: number | string): boolean {
  return value === 0 || (typeof value === 'string' && /^0+%$/.test(value));
}
