import { FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import { validateQualifiedName } from '../../meta/v1/label-validation.ts';

const path = FieldPath.of('parameters');
const maxParameters = 512;
const maxBytes = 256 * 1024;

type Parameters = Readonly<Record<string, string>>;

/** What a provisioner or a driver is told, which it alone understands. */
export function validateParameters(parameters: Parameters = {}, errors: FieldErrors): void {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) return errors.tooLong(path, maxParameters);
  if (Object.hasOwn(parameters, '')) errors.invalid(path, '', 'field can not be empty.');
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (bytes > maxBytes) errors.tooLong(path, maxBytes);
}

/** Volumes were made by them: they cannot be others now. */
export function validateSameParameters(now: Parameters = {}, old: Parameters = {}, errors: FieldErrors): void {
  if (!isEqualJson(now, old)) errors.forbidden(path, 'updates to parameters are forbidden.');
}

/** Who makes volumes, or changes them; that it is told is for the schema. */
export function validateProvisioner(name: string, errors: FieldErrors, at: FieldPath): void {
  if (name !== '') validateQualifiedName(name.toLowerCase(), errors, at);
}
