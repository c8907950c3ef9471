import { FieldPath, type FieldErrors } from '#machinery';
import { hasCondition } from './job-state.ts';
import type { Job } from './job.ts';

const path = FieldPath.of('status', 'conditions');
const lasting = ['Failed', 'Complete', 'FailureTarget'];

/** A job goes one of two ways: SuccessCriteriaMet and then Complete, or FailureTarget and then Failed. */
export function validateJobConditions(job: Job, errors: FieldErrors, old: Job): void {
  const has = (type: string): boolean => hasCondition(job, type);
  const had = (type: string): boolean => hasCondition(old, type);
  const isChanged = (...types: string[]): boolean => types.some((type) => has(type) !== had(type));
  const refuse = (why: string): void => errors.invalidAsWhole(path, why);
  const failedIndexesChanged = job.status.failedIndexes !== old.status.failedIndexes;
  if (has('Complete')) {
    if (has('Failed') && isChanged('Complete', 'Failed')) {
      refuse('cannot set Complete=True and Failed=true conditions');
    }
    if (has('FailureTarget') && isChanged('Complete', 'FailureTarget')) {
      refuse('cannot set Complete=True and FailureTarget=true conditions');
    }
    if (!has('SuccessCriteriaMet') && isChanged('Complete', 'SuccessCriteriaMet')) {
      refuse('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
    }
  }
  if (has('Failed') && !has('FailureTarget') && (isChanged('Failed') || failedIndexesChanged)) {
    refuse('cannot set Failed=True condition without the FailureTarget=true condition');
  }
  validateSuccessCriteria(job, old, refuse);
  for (const type of lasting.filter((one) => had(one) && !has(one))) {
    refuse(`cannot disable the terminal ${type}=True condition`);
  }
}

function validateSuccessCriteria(job: Job, old: Job, refuse: (why: string) => void): void {
  const isMet = hasCondition(job, 'SuccessCriteriaMet');
  const wasMet = hasCondition(old, 'SuccessCriteriaMet');
  if (isMet && hasCondition(job, 'Failed')) {
    refuse('cannot set SuccessCriteriaMet=True and Failed=true conditions');
  }
  if (isMet && hasCondition(job, 'FailureTarget')) {
    refuse('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  }
  if (job.spec.successPolicy && !isMet && hasCondition(job, 'Complete')) {
    refuse('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True');
  }
  if (wasMet && !isMet) refuse('cannot disable the SuccessCriteriaMet=True condition');
  if (hasCondition(old, 'Complete') && !wasMet && isMet) {
    refuse('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions');
  }
}
