import type { FieldErrors } from './field-errors.ts';
import { FieldPath } from './field-path.ts';
import { isObject } from './json.ts';
import {
  isConfigMapKey,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPortName,
  isQualifiedName,
  isValidLabelValue,
} from './names.ts';
import type { FieldData, Message, Type } from './schema/types.ts';

/** The string formats that are checked, by the name that the schema gives them. Other formats only serve OpenAPI. */
const formats: Readonly<Record<string, (text: string) => string[]>> = {
  dnsLabel: isDns1123Label,
  dnsSubdomain: isDns1123Subdomain,
  dns1035Label: isDns1035Label,
  qualifiedName: isQualifiedName,
  labelValue: isValidLabelValue,
  configMapKey: isConfigMapKey,
  portName: isPortName,
};

/**
 * Collects what the schema alone can tell is wrong: missing required fields, values outside an enum, range, length or
 * format. An empty string counts as missing unless its field says `minLength: 0`, and so does a zero below the minimum;
 * lists may be empty, since whether they may not is a rule of their kind. A top-level `status` is not looked at: it is
 * written by components, whose fields are required in OpenAPI but often empty.
 */
export function validateFields(message: Message, object: unknown, errors: FieldErrors, path?: FieldPath): void {
  const { status, ...fields } = message.fields;
  const isRoot = path === undefined && status !== undefined && 'metadata' in fields;
  checkFields(isRoot ? fields : message.fields, object, errors, path ?? FieldPath.of());
}

function checkFields(fields: Message['fields'], object: unknown, errors: FieldErrors, path: FieldPath): void {
  if (!isObject(object)) return;
  for (const [name, field] of Object.entries(fields)) {
    const value = object[name];
    if (field.required === true && isMissing(value, field)) errors.required(path.child(name));
    else if (value !== undefined && value !== null && hasRules(field.type)) {
      checkValue(field.type, value, errors, path.child(name));
    }
  }
}

function hasRules({ kind }: Type): boolean {
  return kind !== 'bool' && kind !== 'raw' && kind !== 'bytes';
}

function isMissing(value: unknown, { type, pointer }: FieldData): boolean {
  if (value === undefined || value === null) return type.kind !== 'list' && type.kind !== 'map';
  if (pointer === true) return false;
  if (type.kind === 'string') return value === '' && type.minLength !== 0 && type.enumIsForRules !== true;
  return (type.kind === 'int32' || type.kind === 'int64') && value === 0 && (type.minimum ?? 0) > 0;
}

function checkValue(type: Type, value: unknown, errors: FieldErrors, path: FieldPath): void {
  switch (type.kind) {
    case 'message':
      return checkFields(type.message().fields, value, errors, path);
    case 'either':
      return isObject(value)
        ? checkFields(type.message().fields, value, errors, path)
        : checkValue(type.other, value, errors, path);
    case 'list':
      return checkItems(type.items, value, errors, path);
    case 'map':
      return checkEntries(type.values, value, errors, path);
    case 'string':
      return checkString(type, value, errors, path);
    case 'int32':
    case 'int64':
      return checkRange(type, value, errors, path);
  }
}

function checkItems(items: Type, value: unknown, errors: FieldErrors, path: FieldPath): void {
  if (!Array.isArray(value) || !hasRules(items)) return;
  for (const [at, item] of value.entries()) checkValue(items, item, errors, path.index(at));
}

function checkEntries(values: Type, value: unknown, errors: FieldErrors, path: FieldPath): void {
  if (!isObject(value) || !hasRules(values)) return;
  for (const [key, item] of Object.entries(value)) checkValue(values, item, errors, path.key(key));
}

function checkString(type: Type & { kind: 'string' }, value: unknown, errors: FieldErrors, path: FieldPath): void {
  if (typeof value !== 'string') return;
  if (type.enum && type.enumIsForRules !== true && !type.enum.includes(value)) {
    errors.notSupported(path, value, type.enum.toSorted());
  }
  if (type.maxLength !== undefined && Buffer.byteLength(value) > type.maxLength) errors.tooLong(path, type.maxLength);
  if (type.minLength !== undefined && value.length < type.minLength) {
    errors.invalid(path, value, `must be at least ${type.minLength} characters long`);
  }
  const check = type.format === undefined || value === '' ? undefined : formats[type.format];
  for (const problem of check?.(value) ?? []) errors.invalid(path, value, problem);
}

function checkRange(
  type: Type & { kind: 'int32' | 'int64' },
  value: unknown,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (typeof value !== 'number') return;
  const { minimum = -Infinity, maximum = Infinity } = type;
  if (value >= minimum && value <= maximum) return;
  if (Number.isFinite(minimum) && Number.isFinite(maximum)) {
    errors.invalid(path, value, `must be between ${minimum} and ${maximum}, inclusive`);
  } else if (value < minimum) errors.invalid(path, value, `must be greater than or equal to ${minimum}`);
  else errors.invalid(path, value, `must be less than or equal to ${maximum}`);
}
