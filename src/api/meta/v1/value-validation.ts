import { isEqualJson, isPortName, isPortNumber, type FieldErrors, type FieldPath } from '#machinery';

/** The words that several kinds share (`apimachinery/pkg/api/validation`). */
export const notNegative = 'must be greater than or equal to 0';
export const notPositive = 'must be greater than zero';
export const immutable = 'field is immutable';

/** A number that may be zero and not less. */
export function validateNotNegative(value: number | undefined, errors: FieldErrors, path: FieldPath): void {
  if (value !== undefined && value < 0) errors.invalid(path, value, notNegative);
}

/** What may not change once it is written. */
export function validateImmutable(value: unknown, old: unknown, errors: FieldErrors, path: FieldPath): void {
  if (!isEqualJson(value, old)) errors.invalid(path, value, immutable);
}

/** A port by its number or by its name. */
export function validatePortNumberOrName(port: number | string, errors: FieldErrors, path: FieldPath): void {
  const problems = typeof port === 'number' ? isPortNumber(port) : isPortName(port);
  for (const why of problems) errors.invalid(path, port, why);
}
