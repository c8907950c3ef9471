import { isEqualJson } from '#machinery';
import type { Job, JobStatus } from './job.ts';

/** Whether one of a job's conditions has this status. */
export function hasCondition({ status }: Job, type: string, wanted: 'True' | 'False' = 'True'): boolean {
  return status.conditions?.some((one) => one.type === type && one.status === wanted) ?? false;
}

/** Whether a job is over, well or not. */
export function isFinished(job: Job): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed');
}

/** Whether an update changes a part of a job's state. */
export function isChanged(field: keyof JobStatus, { status }: Job, { status: old }: Job): boolean {
  return !isEqualJson(status[field], old[field]);
}
