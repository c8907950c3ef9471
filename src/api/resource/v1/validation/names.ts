import { isCIdentifier, isDns1123Label, isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import { validateCsiDriverName } from '../../../core/v1/validation/storage.ts';

const maxPoolBytes = 253;
const maxIdBytes = 32;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The longest name of an attribute or capacity: a domain, a slash and an identifier. */
export const maxQualifiedBytes = 63 + 1 + maxIdBytes;

/** Drivers are called as those of CSI are. */
export function validateDriver(name: string, errors: FieldErrors, path: FieldPath): void {
  if (name === '') errors.required(path);
  else validateCsiDriverName(name, errors, path);
}

/** Devices, requests, counters. */
export function validateLabel(name: string, errors: FieldErrors, path: FieldPath): void {
  errors.ignoreSchemaAt(path);
  for (const why of isDns1123Label(name)) errors.invalid(path, name, why);
}

export function validatePoolName(name: string, errors: FieldErrors, path: FieldPath): void {
  if (name === '') return errors.required(path);
  if (Buffer.byteLength(name) > maxPoolBytes) errors.tooLong(path, maxPoolBytes);
  for (const part of name.split('/')) for (const why of isDns1123Subdomain(part)) errors.invalid(path, part, why);
}

/** The name of an attribute or capacity, with or without a domain in front. */
export function validateQualifiedTrait(name: string, errors: FieldErrors, path: FieldPath): void {
  const [first = '', second, ...more] = name.split('/');
  if (more.length > 0) return errors.invalid(path, name, 'must not contain more than one slash');
  if (second === undefined) return validateIdentifier(first, errors, path);
  if (first === '') errors.invalid(path, '', 'the domain must not be empty');
  else validateDriver(first, errors, path);
  if (second === '') errors.invalid(path, '', 'the name must not be empty');
  else validateIdentifier(second, errors, path);
}

/** The name of an attribute, with its domain. */
export function validateFullTrait(name: string, errors: FieldErrors, path: FieldPath): void {
  validateQualifiedTrait(name, errors, path);
  if (name.includes('/')) return;
  errors.invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash');
}

function validateIdentifier(text: string, errors: FieldErrors, path: FieldPath): void {
  if (Buffer.byteLength(text) > maxIdBytes) errors.tooLong(path, maxIdBytes);
  for (const why of isCIdentifier(text)) errors.invalid(path, text, why);
}

export function validateUid(text: string, errors: FieldErrors, path: FieldPath): void {
  if (uuid.test(text)) return;
  const why =
    'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';
  errors.invalid(path, text, why);
}
