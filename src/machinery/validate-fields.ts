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
  const isRoot = path === undefined && 'status' in message.fields && 'metadata' in message.fields;
  checkFields(isRoot ? rootRulesOf(message) : rulesOf(message), object, errors, path ?? FieldPath.of());
}

type Check = (value: unknown, errors: FieldErrors, path: FieldPath) => void;

/** What the schema says of one field, where it says anything. */
interface Rule {
  readonly name: string;
  readonly field: FieldData;
  readonly check: Check | undefined;
}

const compiled = new WeakMap<Message, readonly Rule[]>();
const compiledRoots = new WeakMap<Message, readonly Rule[]>();

/** The rules of a message, compiled once: of hundreds of fields a few can be wrong by themselves. */
function rulesOf(message: Message): readonly Rule[] {
  let rules = compiled.get(message);
  if (!rules) compiled.set(message, (rules = compile(message.fields)));
  return rules;
}

function rootRulesOf(message: Message): readonly Rule[] {
  let rules = compiledRoots.get(message);
  if (rules) return rules;
  const { status: _, ...fields } = message.fields;
  rules = compile(fields);
  compiledRoots.set(message, rules);
  return rules;
}

function compile(fields: Message['fields']): readonly Rule[] {
  return Object.entries(fields)
    .map(([name, field]) => ({ name, field, check: checkOf(field.type) }))
    .filter(({ field, check }) => check !== undefined || field.required === true);
}

function checkFields(rules: readonly Rule[], object: unknown, errors: FieldErrors, path: FieldPath): void {
  if (!isObject(object)) return;
  for (const { name, field, check } of rules) {
    const value = object[name];
    if (field.required === true && isMissing(value, field)) errors.required(path.child(name));
    else if (check && value !== undefined && value !== null) check(value, errors, path.child(name));
  }
}

/** What can be wrong with a value of this type; undefined when nothing can. */
function checkOf(type: Type): Check | undefined {
  switch (type.kind) {
    case 'message':
      // Compiled at the first use: messages may contain themselves.
      return (value, errors, path) => checkFields(rulesOf(type.message()), value, errors, path);
    case 'either':
      return checkOfEither(type);
    case 'list':
      return checkOfItems(checkOf(type.items));
    case 'map':
      return checkOfEntries(checkOf(type.values));
    case 'string':
      if ((type.enum ?? type.maxLength ?? type.minLength ?? type.format) === undefined) return undefined;
      return (value, errors, path) => checkString(type, value, errors, path);
    case 'int32':
    case 'int64':
      if ((type.minimum ?? type.maximum) === undefined) return undefined;
      return (value, errors, path) => checkRange(type, value, errors, path);
    default:
      return undefined;
  }
}

function checkOfEither({ message, other }: Extract<Type, { kind: 'either' }>): Check {
  const check = checkOf(other);
  return (value, errors, path) => {
    if (isObject(value)) checkFields(rulesOf(message()), value, errors, path);
    else check?.(value, errors, path);
  };
}

function checkOfItems(check: Check | undefined): Check | undefined {
  return (
    check &&
    ((value, errors, path) => {
      if (!Array.isArray(value)) return;
      for (let at = 0; at < value.length; at++) check(value[at], errors, path.index(at));
    })
  );
}

function checkOfEntries(check: Check | undefined): Check | undefined {
  return (
    check &&
    ((value, errors, path) => {
      if (!isObject(value)) return;
      for (const [key, item] of Object.entries(value)) check(item, errors, path.key(key));
    })
  );
}

function isMissing(value: unknown, { type, pointer }: FieldData): boolean {
  if (value === undefined || value === null) return type.kind !== 'list' && type.kind !== 'map';
  if (pointer === true) return false;
  if (type.kind === 'string') return value === '' && type.minLength !== 0 && type.enumIsForRules !== true;
  return (type.kind === 'int32' || type.kind === 'int64') && value === 0 && (type.minimum ?? 0) > 0;
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
