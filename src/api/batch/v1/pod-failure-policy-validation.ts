import type { FieldErrors, FieldPath } from '#machinery';
import { validateQualifiedName } from '../../meta/v1/label-validation.ts';
import type { JobSpec } from './job.ts';
import {
  failureActions,
  type PodFailurePolicy,
  type PodFailurePolicyOnExitCodesRequirement,
  type PodFailurePolicyOnPodConditionsPattern,
  type PodFailurePolicyRule,
} from './pod-failure-policy.ts';

const maxRules = 20;
const maxExitCodes = 255;
const maxPatterns = 20;
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** What it means when a pod has failed (`validatePodFailurePolicy` of `pkg/apis/batch/validation`). */
export function validatePodFailurePolicy(
  { rules }: PodFailurePolicy,
  spec: JobSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (rules.length > maxRules) errors.tooMany(path.child('rules'), rules.length, maxRules);
  for (const [at, rule] of rules.entries()) validateRule(rule, spec, errors, path.child('rules').index(at));
}

function validateRule(rule: PodFailurePolicyRule, spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  validateChoice(action, failureActions, errors, path.child('action'));
  if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) {
    errors.invalid(path.child('action'), action, 'requires the backoffLimitPerIndex to be set');
  }
  if (onExitCodes) validateExitCodes(onExitCodes, spec, errors, path.child('onExitCodes'));
  validatePatterns(onPodConditions, errors, path.child('onPodConditions'));
  if (onExitCodes && onPodConditions.length > 0) {
    errors.invalidAsWhole(path, 'specifying both OnExitCodes and OnPodConditions is not supported');
  }
  if (!onExitCodes && onPodConditions.length === 0) {
    errors.invalidAsWhole(path, 'specifying one of OnExitCodes and OnPodConditions is required');
  }
}

function validateExitCodes(
  { operator, containerName, values }: PodFailurePolicyOnExitCodesRequirement,
  { template }: JobSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateChoice(operator, operators, errors, path.child('operator'));
  const { containers, initContainers = [] } = template.spec;
  if (containerName !== undefined && ![...containers, ...initContainers].some(({ name }) => name === containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template';
    errors.invalid(path.child('containerName'), containerName, why);
  }
  const at = path.child('values');
  if (values.length === 0) errors.invalid(at, values, 'at least one value is required');
  else if (values.length > maxExitCodes) errors.tooMany(at, values.length, maxExitCodes);
  for (const [index, code] of values.entries()) {
    if (operator === 'In' && code === 0) errors.invalid(at.index(index), code, 'must not be 0 for the In operator');
    if (values.indexOf(code) < index) errors.duplicate(at.index(index), code);
  }
  if (values.some((code, index) => code < (values[index - 1] ?? code))) errors.invalid(at, values, 'must be ordered');
}

function validatePatterns(
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (patterns.length > maxPatterns) errors.tooMany(path, patterns.length, maxPatterns);
  for (const [at, { type, status = '' }] of patterns.entries()) {
    validateQualifiedName(type, errors, path.index(at).child('type'));
    validateChoice(status, statuses, errors, path.index(at).child('status'));
  }
}

function validateChoice(value: string, choices: readonly string[], errors: FieldErrors, path: FieldPath): void {
  const quoted = choices.map((one) => JSON.stringify(one)).join(' ');
  if (value === '') errors.required(path, `valid values: [${quoted}]`);
  else if (!choices.includes(value)) errors.notSupported(path, value, choices);
}
