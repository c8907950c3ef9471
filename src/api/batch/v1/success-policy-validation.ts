import type { FieldErrors, FieldPath } from '#machinery';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';
import { parseIndexes } from './index-intervals.ts';
import type { SuccessPolicy, SuccessPolicyRule } from './job.ts';

const maxRules = 20;
const maxIndexesLength = 64 * 1024;

/** When not all indexes have to succeed (`validateSuccessPolicy` of `pkg/apis/batch/validation`). */
export function validateSuccessPolicy(
  { rules }: SuccessPolicy,
  completions: number,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('rules');
  if (rules.length === 0)
    errors.required(at, 'at least one rules must be specified when the successPolicy is specified');
  if (rules.length > maxRules) errors.tooMany(at, rules.length, maxRules);
  for (const [index, rule] of rules.entries()) validateRule(rule, completions, errors, at.index(index));
}

function validateRule(rule: SuccessPolicyRule, completions: number, errors: FieldErrors, path: FieldPath): void {
  const { succeededIndexes: indexes, succeededCount: count } = rule;
  if (count === undefined && indexes === undefined) {
    errors.required(path, 'at least one of succeededCount or succeededIndexes must be specified');
  }
  const named = indexes === undefined ? undefined : validateIndexes(indexes, completions, errors, path);
  if (count === undefined) return;
  const at = path.child('succeededCount');
  validateNotNegative(count, errors, at);
  if (count > completions) {
    const why = `must be less than or equal to ${completions} (the number of specified completions)`;
    errors.invalid(at, count, why);
  }
  if (named !== undefined && count > named) {
    const why = `must be less than or equal to ${named} (the number of indexes in the specified succeededIndexes field)`;
    errors.invalid(at, count, why);
  }
}

/** Returns how many indexes are named; none where that cannot be said. */
function validateIndexes(indexes: string, completions: number, errors: FieldErrors, path: FieldPath): number {
  const at = path.child('succeededIndexes');
  if (Buffer.byteLength(indexes) > maxIndexesLength) errors.tooLong(at, maxIndexesLength);
  const parsed = parseIndexes(indexes, completions);
  if (parsed.problem === undefined) return parsed.count;
  errors.invalid(at, indexes, `error parsing succeededIndexes: ${parsed.problem}`);
  return 0;
}
