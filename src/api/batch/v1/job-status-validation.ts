import { FieldPath, type FieldErrors } from '#machinery';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';
import { validateJobConditions } from './job-conditions-validation.ts';
import { validateFinishedJob } from './job-end-validation.ts';
import { validateJobIndexes } from './job-indexes-validation.ts';
import { isChanged } from './job-state.ts';
import { validateJobTimes } from './job-times-validation.ts';
import type { Job } from './job.ts';

const path = FieldPath.of('status');

/**
 * The rules of a job's state (`ValidateJobUpdateStatus` of `pkg/apis/batch/validation`), which also other controllers
 * write (`managedBy`). Most rules hold only for what this update changes (`pkg/registry/batch/job/strategy.go`): a state
 * that was let in before, or that a change of the wish has overtaken, does not stand in the way of others.
 */
export function validateJobStatus(job: Job, errors: FieldErrors, old: Job): void {
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) {
    validateNotNegative(job.status[field], errors, path.child(field));
  }
  validateUncounted(job, errors);
  validateJobConditions(job, errors, old);
  validateJobTimes(job, errors, old);
  validateFinishedJob(job, errors, old);
  validateJobIndexes(job, errors, old);
  validateCounters(job, errors, old);
}

function validateUncounted({ status }: Job, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const field of ['succeeded', 'failed'] as const) {
    for (const [index, uid] of (status.uncountedTerminatedPods?.[field] ?? []).entries()) {
      const at = path.child('uncountedTerminatedPods', field).index(index);
      if (uid === '') errors.invalid(at, uid, 'must not be empty');
      else if (seen.has(uid)) errors.duplicate(at, uid);
      seen.add(uid);
    }
  }
}

function validateCounters(job: Job, errors: FieldErrors, old: Job): void {
  const { spec, status } = job;
  const { ready = 0, active = 0, failed = 0, succeeded = 0 } = status;
  if (ready > active && (isChanged('ready', job, old) || isChanged('active', job, old))) {
    errors.invalid(path.child('ready'), ready, 'cannot set more ready pods than active');
  }
  if (failed < (old.status.failed ?? 0)) {
    errors.invalid(path.child('failed'), failed, 'cannot decrease the failed counter');
  }
  // An indexed job whose pods all run at once may shrink.
  const mayShrink = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (succeeded < (old.status.succeeded ?? 0) && !mayShrink) {
    errors.invalid(path.child('succeeded'), succeeded, 'cannot decrease the succeeded counter');
  }
}
