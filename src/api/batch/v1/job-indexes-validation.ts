import { FieldPath, type FieldErrors } from '#machinery';
import { overlapOf, parseIndexes } from './index-intervals.ts';
import { isChanged } from './job-state.ts';
import type { Job } from './job.ts';

const path = FieldPath.of('status');

/** Which indexes have succeeded, and which were given up. */
export function validateJobIndexes(job: Job, errors: FieldErrors, old: Job): void {
  const { spec, status } = job;
  const { completedIndexes: completed = '', failedIndexes: failed } = status;
  const completedChanged = isChanged('completedIndexes', job, old);
  const failedChanged = isChanged('failedIndexes', job, old);
  const { completions } = spec;
  if (completedChanged) {
    validateIndexText('completedIndexes', completed, completions, errors);
    if (completed !== '' && spec.completionMode !== 'Indexed') {
      const why = 'cannot set non-empty completedIndexes when non-indexed completion mode';
      errors.invalid(path.child('completedIndexes'), completed, why);
    }
  }
  if (failed === undefined || (!failedChanged && !completedChanged)) return;
  const at = path.child('failedIndexes');
  if (failedChanged && spec.backoffLimitPerIndex === undefined) {
    errors.invalid(at, failed, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
  } else if (failedChanged) validateIndexText('failedIndexes', failed, completions, errors);
  const overlap = completions === undefined ? undefined : overlapOf(completed, failed, completions);
  if (overlap !== undefined) {
    errors.invalid(at, failed, `failedIndexes and completedIndexes overlap at index: ${overlap}`);
  }
}

function validateIndexText(
  field: 'completedIndexes' | 'failedIndexes',
  text: string,
  completions: number | undefined,
  errors: FieldErrors,
): void {
  if (completions === undefined) return;
  const { problem } = parseIndexes(text, completions);
  if (problem !== undefined) errors.invalid(path.child(field), text, `error parsing ${field}: ${problem}`);
}
