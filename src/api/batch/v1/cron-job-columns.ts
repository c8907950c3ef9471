import { ageColumn, ageOf, nameColumn, type Column } from '#machinery';
import { templateColumns } from '../../apps/v1/template-columns.ts';
import type { CronJob } from './cron-job.ts';

/** What `kubectl get cronjobs` shows. */
export const cronJobColumns: readonly Column<CronJob>[] = [
  nameColumn,
  { name: 'Schedule', type: 'string', description: 'When runs are begun.', cell: ({ spec }) => spec.schedule },
  {
    name: 'Timezone',
    type: 'string',
    description: 'The time zone of the schedule.',
    cell: ({ spec }) => spec.timeZone ?? '<none>',
  },
  {
    name: 'Suspend',
    type: 'boolean',
    description: 'Whether no runs are begun for now.',
    // Upstream tells a boolean in words.
    cell: ({ spec }) => (spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'),
  },
  {
    name: 'Active',
    type: 'integer',
    description: 'How many runs have not ended.',
    cell: ({ status }) => status.active?.length ?? 0,
  },
  {
    name: 'Last Schedule',
    type: 'string',
    description: 'How long ago the last run was due.',
    cell: ({ status }, nowMs) =>
      status.lastScheduleTime === undefined ? '<none>' : ageOf(status.lastScheduleTime, nowMs),
  },
  ageColumn,
  ...templateColumns.map((column) => ({
    ...column,
    cell: ({ spec }: CronJob, nowMs: number) => column.cell(spec.jobTemplate, nowMs),
  })),
];
