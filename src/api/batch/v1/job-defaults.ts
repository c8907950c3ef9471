import { setPodSpecDefaults } from '../../core/v1/pod-defaults.ts';
import type { Job, JobSpec } from './job.ts';

const maxInt32 = 2 ** 31 - 1;

/** Fills in what a job leaves unsaid (`pkg/apis/batch/v1/defaults.go`). */
export function setJobDefaults({ metadata, spec }: Job): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : maxInt32;
  const { labels } = spec.template.metadata;
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  spec.manualSelector ??= false;
  setJobSpecDefaults(spec);
}

/** What is filled in also where the job is yet to be made of a template. */
export function setJobSpecDefaults({ podFailurePolicy, template }: JobSpec): void {
  for (const { onPodConditions = [] } of podFailurePolicy?.rules ?? []) {
    for (const pattern of onPodConditions) pattern.status ||= 'True';
  }
  setPodSpecDefaults(template.spec);
}
