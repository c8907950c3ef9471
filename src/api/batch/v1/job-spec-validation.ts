import { isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import { validatePodTemplate } from '../../core/v1/validation/pod-template.ts';
import type { JobSpec } from './job.ts';
import { validatePodFailurePolicy } from './pod-failure-policy-validation.ts';
import { validateSuccessPolicy } from './success-policy-validation.ts';

/** The state of a job names its indexes: these bounds keep it small. */
const maxIndexedParallelism = 100_000;
const maxFailedIndexes = 100_000;
const manyCompletions = 100_000;
const maxParallelismOfMany = 10_000;
const maxFailedIndexesOfMany = 10_000;
const maxManagedByLength = 63;

/** What holds for a job, also for one that is yet to be made of a template (`validateJobSpec`). */
export function validateJobSpec(spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified');
  }
  if (spec.managedBy !== undefined) validateManagedBy(spec.managedBy, errors, path.child('managedBy'));
  validateCompletionMode(spec, errors, path);
  const { podFailurePolicy, successPolicy } = spec;
  if (podFailurePolicy) validatePodFailurePolicy(podFailurePolicy, spec, errors, path.child('podFailurePolicy'));
  if (successPolicy && spec.completionMode !== 'Indexed') {
    errors.invalid(path.child('successPolicy'), successPolicy, 'requires indexed completion mode');
  } else if (successPolicy) {
    validateSuccessPolicy(successPolicy, spec.completions ?? 0, errors, path.child('successPolicy'));
  }
  validatePodReplacementPolicy(spec, errors, path.child('podReplacementPolicy'));
  validatePodTemplate(spec.template, errors, path.child('template'));
  validateRestartPolicy(spec, errors, path.child('template', 'spec', 'restartPolicy'));
}

function validateManagedBy(managedBy: string, errors: FieldErrors, path: FieldPath): void {
  validateDomainPrefixedPath(managedBy, errors, path);
  if (Buffer.byteLength(managedBy) > maxManagedByLength) errors.tooLong(path, maxManagedByLength);
}

/** `acme.io/foo` (`IsDomainPrefixedPath` of `apimachinery/pkg/util/validation`). */
function validateDomainPrefixedPath(text: string, errors: FieldErrors, path: FieldPath): void {
  if (text === '') return errors.required(path);
  const [, host = '', rest = ''] = /^([^/]*)\/(.*)$/s.exec(text) ?? [];
  if (host === '' || rest === '') {
    return errors.invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")');
  }
  for (const why of isDns1123Subdomain(host)) errors.invalid(path, host, why);
  const pattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
  if (new RegExp(`^${pattern}$`).test(rest)) return;
  errors.invalid(path, rest, `Invalid path (regex used for validation is '${pattern}')`);
}

function validateCompletionMode(spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const { completionMode: mode } = spec;
  if (mode === undefined || mode === 'NonIndexed') return validateNonIndexed(spec, errors, path);
  if (mode === 'Indexed') return validateIndexed(spec, errors, path);
  errors.notSupported(path.child('completionMode'), mode, ['NonIndexed', 'Indexed']);
}

function validateNonIndexed(spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
    if (spec[field] !== undefined) errors.invalid(path.child(field), spec[field], 'requires indexed completion mode');
  }
}

function validateIndexed(spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const { completions, parallelism = 0, maxFailedIndexes: failed = 0, backoffLimitPerIndex } = spec;
  if (completions === undefined) errors.required(path.child('completions'), 'when completion mode is Indexed');
  if (parallelism > maxIndexedParallelism) {
    const why = `must be less than or equal to ${maxIndexedParallelism} when completion mode is Indexed`;
    errors.invalid(path.child('parallelism'), parallelism, why);
  }
  const at = path.child('maxFailedIndexes');
  if (completions !== undefined && failed > completions) {
    errors.invalid(at, failed, 'must be less than or equal to completions');
  }
  if (failed > maxFailedIndexes) errors.invalid(at, failed, `must be less than or equal to ${maxFailedIndexes}`);
  if ((completions ?? 0) > manyCompletions && backoffLimitPerIndex !== undefined) validateMany(spec, errors, path);
}

function validateMany(spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const { parallelism = 0, maxFailedIndexes: failed } = spec;
  const tail = `when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (failed === undefined) {
    errors.required(path.child('maxFailedIndexes'), `must be specified when completions is above ${manyCompletions}`);
  }
  if (parallelism > maxParallelismOfMany) {
    const why = `must be less than or equal to ${maxParallelismOfMany} ${tail}`;
    errors.invalid(path.child('parallelism'), parallelism, why);
  }
  if (failed !== undefined && failed > maxFailedIndexesOfMany) {
    const why = `must be less than or equal to ${maxFailedIndexesOfMany} ${tail}`;
    errors.invalid(path.child('maxFailedIndexes'), failed, why);
  }
}

function validatePodReplacementPolicy(spec: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const { podReplacementPolicy: policy, podFailurePolicy } = spec;
  if (policy === undefined) return;
  // A failure is judged when the pod has failed, and not before.
  const allowed: string[] = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (!allowed.includes(policy)) errors.notSupported(path, policy, allowed);
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const { restartPolicy: policy } = template.spec;
  // `Always` is also what it is when nothing was said.
  if (policy === undefined || policy === 'Always') errors.required(path, 'valid values: "OnFailure", "Never"');
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.notSupported(path, policy, ['OnFailure', 'Never']);
  else if (podFailurePolicy && policy !== 'Never') {
    errors.invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified');
  }
}
