import type { CronJob } from './cron-job.ts';
import { setJobSpecDefaults } from './job-defaults.ts';

/** Fills in what a cron job leaves unsaid (`pkg/apis/batch/v1/defaults.go`). */
export function setCronJobDefaults({ spec }: CronJob): void {
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  setJobSpecDefaults(spec.jobTemplate.spec);
}
