import { FieldPath, type Warnings } from '#machinery';
import { warnOfPodTemplate } from '../../core/v1/warnings/pod.ts';
import { isSameWish, warnOfHostName } from '../../core/v1/warnings/workload.ts';
import type { CronJob } from './cron-job.ts';
import type { Job, JobSpec } from './job.ts';

const manyCompletions = 100_000;
const muchParallelism = 10_000;

/** `pkg/registry/batch/job/strategy.go`. */
export function warnOfJob(job: Job, warnings: Warnings, old?: Job): void {
  if (!old) warnOfHostName(job.metadata, warnings);
  if (!old || !isSameWish(job, old)) warnOfJobSpec(job.spec, warnings, FieldPath.of('spec'));
}

/** `pkg/registry/batch/cronjob/strategy.go`. */
export function warnOfCronJob(cronJob: CronJob, warnings: Warnings, old?: CronJob): void {
  const { metadata, spec } = cronJob;
  if (!old) warnOfHostName(metadata, warnings);
  if (!old || !isSameWish(cronJob, old)) {
    warnOfJobSpec(spec.jobTemplate.spec, warnings, FieldPath.of('spec', 'jobTemplate', 'spec'));
  }
  if (old && spec.schedule.includes('TZ')) {
    warnings.add(
      'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
    );
  }
}

/** `pkg/api/job/warnings.go`. */
function warnOfJobSpec(spec: JobSpec, warnings: Warnings, path: FieldPath): void {
  const { completionMode, completions = 0, parallelism = 0, template } = spec;
  if (completionMode === 'Indexed' && completions > manyCompletions && parallelism > muchParallelism) {
    warnings.at(
      path,
      'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail',
    );
  }
  warnOfPodTemplate(template, warnings, path.child('template'));
}
