import { FieldPath, type FieldErrors } from '#machinery';
import { isChanged, isFinished } from './job-state.ts';
import type { Job, JobStatus } from './job.ts';

const path = FieldPath.of('status');

/** What has ended has begun, and has no pods left. */
export function validateFinishedJob(job: Job, errors: FieldErrors, old: Job): void {
  if (!isFinished(job)) return;
  const isNews = (field: keyof JobStatus): boolean => !isFinished(old) || isChanged(field, job, old);
  const { active = 0, terminating = 0, startTime, uncountedTerminatedPods: uncounted } = job.status;
  if (active > 0 && isNews('active')) {
    errors.invalid(path.child('active'), active, 'active>0 is invalid for finished job');
  }
  const neverRan = job.spec.suspend === true && job.spec.completions === 0;
  if (startTime === undefined && !neverRan && isNews('startTime')) {
    errors.required(path.child('startTime'), 'startTime is required for finished job');
  }
  const uids = [...(uncounted?.succeeded ?? []), ...(uncounted?.failed ?? [])];
  if (uids.length > 0 && isNews('uncountedTerminatedPods')) {
    errors.invalid(path.child('uncountedTerminatedPods'), uncounted, 'must be empty for finished job');
  }
  if (terminating > 0 && isNews('terminating')) {
    errors.invalid(path.child('terminating'), terminating, 'terminating>0 is invalid for finished job');
  }
}
