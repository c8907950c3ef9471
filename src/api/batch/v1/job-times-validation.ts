import { FieldPath, parseTime, type FieldErrors } from '#machinery';
import { immutable } from '../../meta/v1/value-validation.ts';
import { hasCondition, isChanged } from './job-state.ts';
import type { Job } from './job.ts';

const path = FieldPath.of('status');

/** When a job was begun, and when it had succeeded. */
export function validateJobTimes(job: Job, errors: FieldErrors, old: Job): void {
  validateCompletionTime(job, errors, old);
  const { startTime } = job.status;
  if (!isChanged('startTime', job, old) || old.status.startTime === undefined) return;
  // The clock of a job that is suspended stands still: it begins again.
  const isResumed = hasCondition(old, 'Suspended') && hasCondition(job, 'Suspended', 'False');
  if (!isResumed && !job.spec.suspend) {
    errors.invalid(path.child('startTime'), startTime, 'field is immutable for unsuspended job once set');
  }
}

function validateCompletionTime(job: Job, errors: FieldErrors, old: Job): void {
  const { startTime, completionTime } = job.status;
  const at = path.child('completionTime');
  const isComplete = hasCondition(job, 'Complete');
  const completionChanged = isChanged('completionTime', job, old);
  const isNews = completionChanged || isComplete !== hasCondition(old, 'Complete');
  if (completionTime === undefined) {
    if (isNews && isComplete) errors.required(at, 'completionTime is required for Complete jobs');
    return;
  }
  if (isNews && !isComplete) {
    errors.invalid(at, completionTime, 'cannot set completionTime when there is no Complete=True condition');
  }
  const isBefore = startTime !== undefined && parseTime(completionTime) < parseTime(startTime);
  if (isBefore && (completionChanged || isChanged('startTime', job, old))) {
    errors.invalid(at, completionTime, 'must be equal to or after `startTime`');
  }
  if (completionChanged && old.status.completionTime !== undefined) errors.invalid(at, completionTime, immutable);
}
