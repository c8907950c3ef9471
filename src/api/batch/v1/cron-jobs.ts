import { resource } from '#machinery';
import { CronJob } from './cron-job.ts';
import { cronJobColumns } from './cron-job-columns.ts';
import { setCronJobDefaults } from './cron-job-defaults.ts';
import { validateCronJob } from './cron-job-validation.ts';
import { warnOfCronJob } from './job-warnings.ts';

export const cronJobs = resource({
  group: 'batch',
  version: 'v1',
  kind: CronJob,
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  columns: cronJobColumns,
  setDefaults: setCronJobDefaults,
  validate: validateCronJob,
  warn: warnOfCronJob,
});
