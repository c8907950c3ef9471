import { resource } from '#machinery';
import { Job } from './job.ts';
import { jobColumns } from './job-columns.ts';
import { setJobDefaults } from './job-defaults.ts';
import { validateJobStatus } from './job-status-validation.ts';
import { validateJob } from './job-validation.ts';
import { warnOfJob } from './job-warnings.ts';

export const jobs = resource({
  group: 'batch',
  version: 'v1',
  kind: Job,
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateJobStatus } },
  columns: jobColumns,
  selectableFields: { 'status.successful': ({ status }) => String(status.succeeded ?? 0) },
  setDefaults: setJobDefaults,
  validate: validateJob,
  warn: warnOfJob,
});
