import { ageColumn, humanDuration, nameColumn, parseTime, type Column } from '#machinery';
import { templateColumns } from '../../apps/v1/template-columns.ts';
import { hasCondition } from './job-state.ts';
import type { Job } from './job.ts';

/** What `kubectl get jobs` shows. */
export const jobColumns: readonly Column<Job>[] = [
  nameColumn,
  { name: 'Status', type: 'string', description: 'How the job does.', cell: statusOf },
  { name: 'Completions', type: 'string', description: 'How many pods have succeeded, of how many.', cell: completions },
  { name: 'Duration', type: 'string', description: 'How long it has taken.', cell: durationOf },
  ageColumn,
  ...templateColumns,
];

function statusOf(job: Job): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const meanwhile = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];
  return meanwhile.find((type) => hasCondition(job, type)) ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const { succeeded = 0 } = status;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const { parallelism = 0 } = spec;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf({ status }: Job, nowMs: number): string {
  const { startTime, completionTime } = status;
  if (startTime === undefined) return '';
  return humanDuration((completionTime === undefined ? nowMs : parseTime(completionTime)) - parseTime(startTime));
}
