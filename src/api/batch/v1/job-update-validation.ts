import { isEqualJson, type FieldErrors, type FieldPath } from '#machinery';
import type { Container } from '../../core/v1/container.ts';
import type { PodSpec } from '../../core/v1/pod-spec.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import { hasCondition } from './job-state.ts';
import type { Job, JobSpec } from './job.ts';

/** What of a job may change (`ValidateJobSpecUpdate` of `pkg/apis/batch/validation`). */
export function validateJobUpdate(spec: JobSpec, old: Job, errors: FieldErrors, path: FieldPath): void {
  validateCompletions(spec, old.spec, errors, path);
  validateImmutable(spec.selector, old.spec.selector, errors, path.child('selector'));
  validateTemplate(spec, old, errors, path.child('template'));
  const fixed = ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const;
  for (const field of fixed) validateImmutable(spec[field], old.spec[field], errors, path.child(field));
}

/** An indexed job grows and shrinks, with all indexes at work at once. */
function validateCompletions(spec: JobSpec, old: JobSpec, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('completions');
  if (spec.completionMode !== 'Indexed') return validateImmutable(spec.completions, old.completions, errors, at);
  if (spec.completions === undefined || spec.completions === old.completions) return;
  if (spec.completions !== spec.parallelism) {
    errors.invalid(at, spec.completions, `can only be modified in tandem with ${path.child('parallelism').toString()}`);
  }
}

/** While a job is suspended and no pod runs, a queueing controller may say where its pods go and what they get. */
function validateTemplate(spec: JobSpec, old: Job, errors: FieldErrors, path: FieldPath): void {
  const { template } = spec;
  if (!isAtRest(old)) return validateImmutable(template, old.spec.template, errors, path);
  if (isEqualJson(fixedPart(template.spec), fixedPart(old.spec.template.spec))) return;
  errors.invalid(path.child('spec'), template.spec, 'field is immutable');
}

function isAtRest(job: Job): boolean {
  return job.spec.suspend === true && hasCondition(job, 'Suspended') && (job.status.active ?? 0) === 0;
}

/** The pods without their scheduling directives and resources. */
function fixedPart(spec: PodSpec): object {
  const { nodeSelector: _, tolerations: __, schedulingGates: ___, affinity, ...rest } = spec;
  const otherAffinity = { ...affinity };
  delete otherAffinity.nodeAffinity;
  return {
    ...rest,
    ...(Object.keys(otherAffinity).length > 0 && { affinity: otherAffinity }),
    containers: spec.containers.map(withoutResources),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(withoutResources) }),
  };
}

function withoutResources(container: Container): Container {
  const rest = { ...container };
  delete rest.resources;
  return rest;
}
