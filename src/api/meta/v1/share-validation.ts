import { isPercent, type FieldErrors, type FieldPath } from '#machinery';
import { validateNotNegative } from './value-validation.ts';

/** A count, or a share of another count (`ValidatePositiveIntOrPercent` of `pkg/apis/apps/validation`). */
export function validateCountOrPercent(value: number | string, errors: FieldErrors, path: FieldPath): void {
  if (typeof value === 'number') validateNotNegative(value, errors, path);
  else for (const why of isPercent(value)) errors.invalid(path, value, why);
}

/** A share cannot be more than all. */
export function validateAtMostAll(value: number | string, errors: FieldErrors, path: FieldPath): void {
  const percent = percentOf(value);
  if (percent !== undefined && percent > 100) errors.invalid(path, value, 'must not be greater than 100%');
}

/** Whether a count or a share comes to nothing; text that is neither does too. */
export function isNone(value: number | string): boolean {
  const amount = percentOf(value) ?? (/^[+-]?\d+$/.test(String(value)) ? Number(value) : 0);
  return amount === 0;
}

function percentOf(value: number | string): number | undefined {
  if (typeof value === 'number' || isPercent(value).length > 0) return undefined;
  return Number(value.slice(0, -1));
}
