import { bool, int32, int64, list, message, of, oneOf, pointer, present, required, string, time } from '#machinery';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { JobSpec } from './job.ts';

export class JobTemplateSpec extends message('The Job that is made each time.', {
  metadata: present(of(1, 'Its labels and annotations.', ObjectMeta)),
  spec: present(of(2, 'What is to be done.', JobSpec)),
}) {}

export class CronJobSpec extends message(
  'What is to be done again and again, and when.',
  {
    schedule: required(string(1, 'When: minute, hour, day of the month, month and day of the week.')),
    timeZone: pointer(string(8, 'The time zone that is meant; that of the controller manager by default.')),
    startingDeadlineSeconds: pointer(
      int64(2, 'How late a run may still be begun; any time by default.', { minimum: 0 }),
    ),
    concurrencyPolicy: oneOf(3, 'What happens when the run before has not ended.', ['Allow', 'Forbid', 'Replace']),
    suspend: pointer(bool(4, 'Whether no runs are begun for now.')),
    jobTemplate: required(of(5, 'The Job that is made each time.', JobTemplateSpec)),
    successfulJobsHistoryLimit: pointer(
      int32(6, 'How many runs that succeeded are kept; 3 by default.', { minimum: 0 }),
    ),
    failedJobsHistoryLimit: pointer(int32(7, 'How many runs that failed are kept; 1 by default.', { minimum: 0 })),
  },
  {
    walk: [
      'schedule',
      'startingDeadlineSeconds',
      'timeZone',
      'concurrencyPolicy',
      'jobTemplate',
      'successfulJobsHistoryLimit',
      'failedJobsHistoryLimit',
      'suspend',
    ],
  },
) {}

export class CronJobStatus extends message('Which runs there are.', {
  active: list(1, 'The Jobs that have not ended.', ObjectReference),
  lastScheduleTime: pointer(time(4, 'When the last run was due.')),
  lastSuccessfulTime: pointer(time(5, 'When the last run that succeeded ended.')),
}) {}

export class CronJob extends message('Makes a Job at the times of a schedule.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', CronJobSpec)),
  status: present(of(3, 'What is.', CronJobStatus)),
}) {}
