import { FieldPath, cronScheduleProblems, isTimeZone, type FieldErrors } from '#machinery';
import type { CronJob } from './cron-job.ts';
import { validateJobSpec } from './job-spec-validation.ts';

const path = FieldPath.of('spec');

/** The time of a run, as minutes, stands behind the name of its job: `-12345678`, and what jobs may be named is short. */
const maxNameLength = 52;

/** The rules of cron jobs (`pkg/apis/batch/validation/validation.go`). */
export function validateCronJob(cronJob: CronJob, errors: FieldErrors, old?: CronJob): void {
  const { metadata, spec } = cronJob;
  if (spec.schedule !== '') validateSchedule(cronJob, errors, old);
  const { timeZone } = spec;
  if (timeZone !== undefined && (!old || timeZone !== old.spec.timeZone)) validateTimeZone(timeZone, errors);
  const template = path.child('jobTemplate', 'spec');
  validateJobSpec(spec.jobTemplate.spec, errors, template);
  const { selector, manualSelector } = spec.jobTemplate.spec;
  if (selector) errors.invalid(template.child('selector'), selector, '`selector` will be auto-generated');
  if (manualSelector) errors.notSupported(template.child('manualSelector'), manualSelector, ['nil', 'false']);
  if (!old && (metadata.name ?? '').length > maxNameLength) {
    errors.invalid(FieldPath.of('metadata', 'name'), metadata.name, `must be no more than ${maxNameLength} characters`);
  }
}

function validateSchedule({ spec }: CronJob, errors: FieldErrors, old: CronJob | undefined): void {
  const at = path.child('schedule');
  const { schedule, timeZone } = spec;
  for (const why of cronScheduleProblems(schedule)) errors.invalid(at, schedule, why);
  if (!schedule.includes('TZ')) return;
  // Who had the old custom may keep it.
  if (old?.spec.schedule.includes('TZ') !== true) {
    errors.invalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
  } else if (timeZone !== undefined) {
    errors.invalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule');
  }
}

function validateTimeZone(timeZone: string, errors: FieldErrors): void {
  const at = path.child('timeZone');
  if (timeZone === '') return errors.invalid(at, timeZone, 'timeZone must be nil or non-empty string');
  const unknown = `unknown time zone ${timeZone}`;
  // https://data.iana.org/time-zones/theory.html#naming
  const isWellFormed = timeZone.split('/').every((part) => /^(?!\.{1,2}$|-)[A-Za-z.\-_0-9+]{1,14}$/.test(part));
  if (!isWellFormed) return errors.invalid(at, timeZone, unknown);
  if (timeZone.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    errors.invalid(at, timeZone, why);
  }
  // Go knows a zone of this name: the machine's own.
  if (timeZone !== 'Local' && !isTimeZone(timeZone)) errors.invalid(at, timeZone, unknown);
}
