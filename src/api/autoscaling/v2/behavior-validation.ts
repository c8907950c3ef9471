import { Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { notNegative, notPositive } from '../../meta/v1/value-validation.ts';
import type {
  HorizontalPodAutoscalerBehavior,
  HPAScalingPolicy,
  HPAScalingRules,
} from './horizontal-pod-autoscaler.ts';

const maxPeriodSeconds = 1800;
const maxWindowSeconds = 3600;

/** How fast replicas come and go (`validateBehavior` of `pkg/apis/autoscaling/validation`). */
export function validateBehavior(
  { scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (scaleUp) validateRules(scaleUp, errors, path.child('scaleUp'));
  if (scaleDown) validateRules(scaleDown, errors, path.child('scaleDown'));
}

function validateRules(rules: HPAScalingRules, errors: FieldErrors, path: FieldPath): void {
  const { stabilizationWindowSeconds: seconds = 0, policies = [], tolerance } = rules;
  const window = path.child('stabilizationWindowSeconds');
  if (seconds < 0) errors.invalid(window, seconds, 'must be greater than or equal to zero');
  if (seconds > maxWindowSeconds) errors.invalid(window, seconds, `must be less than or equal to ${maxWindowSeconds}`);
  if (policies.length === 0) errors.required(path.child('policies'), 'must specify at least one Policy');
  for (const [at, policy] of policies.entries()) validatePolicy(policy, errors, path.child('policies').index(at));
  if (tolerance !== undefined && Quantity.parse(tolerance).sign() < 0) {
    errors.invalid(path.child('tolerance'), tolerance, notNegative);
  }
}

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy, errors: FieldErrors, path: FieldPath): void {
  if (type !== 'Pods' && type !== 'Percent') errors.notSupported(path.child('type'), type, ['Percent', 'Pods']);
  if (value <= 0) errors.invalid(path.child('value'), value, notPositive);
  const at = path.child('periodSeconds');
  if (periodSeconds <= 0) errors.invalid(at, periodSeconds, notPositive);
  if (periodSeconds > maxPeriodSeconds) {
    errors.invalid(at, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`);
  }
}
