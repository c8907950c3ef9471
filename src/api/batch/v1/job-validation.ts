import { FieldPath, isDns1123Label, selectorOf, type FieldErrors, type Selector } from '#machinery';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';
import { jobLabels, legacyJobLabels } from './job-labels.ts';
import { validateJobSpec } from './job-spec-validation.ts';
import { validateJobUpdate } from './job-update-validation.ts';
import type { Job } from './job.ts';

const path = FieldPath.of('spec');

/** The rules of jobs (`pkg/apis/batch/validation/validation.go`). */
export function validateJob(job: Job, errors: FieldErrors, old?: Job): void {
  const { spec } = job;
  validateGeneratedSelector(job, errors, old);
  validateJobSpec(spec, errors, path);
  validateSelector(job, errors);
  validatePodHostNames(job, errors);
  if (old) validateJobUpdate(spec, old, errors, path);
}

function validateSelector({ spec: { selector, template } }: Job, errors: FieldErrors): void {
  if (!selector) errors.required(path.child('selector'));
  validateLabelSelector(selector, errors, path.child('selector'));
  const { labels } = template.metadata;
  if (readable(selector)?.matches(labels) === false) {
    const why = '`selector` does not match template `labels`';
    errors.invalid(path.child('template', 'metadata', 'labels'), labels, why);
  }
}

/** A selector that the server made finds the pods of this job and no others. */
function validateGeneratedSelector({ metadata, spec }: Job, errors: FieldErrors, old: Job | undefined): void {
  if (spec.manualSelector || !spec.selector) return;
  const { uid = '', name = '' } = metadata;
  if (uid === '') errors.required(FieldPath.of('metadata', 'uid'));
  const kept = old?.spec.template.metadata.labels;
  // Jobs of older releases are without the labels that have a prefix.
  const isOfOldRelease = old !== undefined && !(kept && jobLabels.uid in kept && jobLabels.name in kept);
  const expected: Record<string, string> = {};
  for (const labels of isOfOldRelease ? [legacyJobLabels] : [legacyJobLabels, jobLabels]) {
    expected[labels.uid] = uid;
    expected[labels.name] = name;
  }
  const { labels = {} } = spec.template.metadata;
  for (const [key, value] of Object.entries(expected)) validateHasLabel(labels, key, value, errors);
  if (readable(spec.selector)?.matches(expected) === false) {
    errors.invalid(path.child('selector'), spec.selector, '`selector` not auto-generated');
  }
}

function validateHasLabel(
  labels: Readonly<Record<string, string>>,
  key: string,
  value: string,
  errors: FieldErrors,
): void {
  const at = path.child('template', 'metadata', 'labels').key(key);
  const actual = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (actual === undefined) errors.required(at, `must be '${value}'`);
  else if (actual !== value) errors.invalid(at, labels, `must be '${value}'`);
}

/** The pods of an indexed job have names of hosts, with the index behind the job's name. */
function validatePodHostNames({ metadata, spec }: Job, errors: FieldErrors): void {
  const { completionMode, completions = 0 } = spec;
  if (completionMode !== 'Indexed' || completions <= 0) return;
  const longest = `${metadata.name}-${completions - 1}`;
  if (isDns1123Label(longest).length === 0) return;
  const why = `will not able to create pod with invalid DNS label: ${longest}`;
  errors.invalid(FieldPath.of('metadata', 'name'), metadata.name, why);
}

/** Undefined for a selector that cannot be read, which is told of by others. */
function readable(selector: LabelSelector | undefined): Selector | undefined {
  try {
    return selectorOf(selector);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
