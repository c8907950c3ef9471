import { checkOfRange, checkOfString } from './check-scalar.ts';
import { FieldErrors } from './field-errors.ts';
import type { FieldPath } from './field-path.ts';
import { isObject } from './json.ts';
import type { FieldData, Message, Type } from './schema/types.ts';
import { Walk, type Check } from './validation-walk.ts';

/**
 * Collects what the schema alone can tell is wrong: missing required fields, values outside an enum, range, length or
 * format. An empty string counts as missing unless its field says `minLength: 0`, and so does a zero below the minimum;
 * lists may be empty, since whether they may not is a rule of their kind. A top-level `status` is not looked at: it is
 * written by components, whose fields are required in OpenAPI but often empty.
 */
export function validateFields(message: Message, object: unknown, errors: FieldErrors, path?: FieldPath): void {
  const isRoot = path === undefined && 'status' in message.fields && 'metadata' in message.fields;
  const rules = isRoot ? rootRulesOf(message) : rulesOf(message);
  const found = new FieldErrors();
  checkFields(rules, object, new Walk(found, path, false));
  // Nearly all objects are good: what is wrong with the others is looked for again, in the schema's order.
  if (!found.empty) checkFields(rules, object, new Walk(errors, path, true));
}

/** What the schema says of one field, where it says anything. */
interface Rule {
  readonly name: string;
  /** Of required fields: whether this is as good as nothing. */
  readonly isMissing: ((value: unknown) => boolean) | undefined;
  readonly check: Check | undefined;
}

interface Rules {
  readonly inOrder: readonly Rule[];
  readonly required: readonly Rule[];
  readonly byName: ReadonlyMap<string, Rule>;
}

const compiled = new WeakMap<Message, Rules>();
const compiledRoots = new WeakMap<Message, Rules>();

/** The rules of a message, compiled once: of hundreds of fields a few can be wrong by themselves. */
function rulesOf(message: Message): Rules {
  let rules = compiled.get(message);
  if (!rules) compiled.set(message, (rules = compile(message.fields)));
  return rules;
}

function rootRulesOf(message: Message): Rules {
  let rules = compiledRoots.get(message);
  if (rules) return rules;
  const { status: _, ...fields } = message.fields;
  rules = compile(fields);
  compiledRoots.set(message, rules);
  return rules;
}

function compile(fields: Message['fields']): Rules {
  const inOrder = Object.entries(fields)
    .map(([name, field]): Rule => ({ name, isMissing: missing(field), check: checkOf(field.type) }))
    .filter(({ isMissing, check }) => isMissing ?? check);
  return {
    inOrder,
    required: inOrder.filter(({ isMissing }) => isMissing),
    byName: new Map(inOrder.map((rule) => [rule.name, rule])),
  };
}

/** Asks the object what it has, unless order matters: of a pod's forty fields a dozen are there. */
function checkFields({ inOrder, required, byName }: Rules, object: unknown, walk: Walk): void {
  if (!isObject(object)) return;
  if (walk.inOrder) {
    for (const rule of inOrder) checkField(rule, object[rule.name], walk);
    return;
  }
  for (const rule of required) if (object[rule.name] === undefined) checkField(rule, undefined, walk);
  for (const name in object) {
    const rule = byName.get(name);
    if (rule) checkField(rule, object[name], walk);
  }
}

function checkField({ name, isMissing, check }: Rule, value: unknown, walk: Walk): void {
  walk.enter(name);
  if (isMissing?.(value)) walk.errors.required(walk.path);
  else if (check && value !== undefined && value !== null) check(value, walk);
  walk.leave();
}

/** What can be wrong with a value of this type; undefined when nothing can. */
function checkOf(type: Type): Check | undefined {
  switch (type.kind) {
    case 'message':
      return checkOfMessage(type.message);
    case 'either':
      return checkOfEither(type);
    case 'list':
      return checkOfItems(checkOf(type.items));
    case 'map':
      return checkOfEntries(checkOf(type.values));
    case 'string':
      return checkOfString(type);
    case 'int32':
    case 'int64':
      return checkOfRange(type);
    default:
      return undefined;
  }
}

/** Compiled at the first use: messages may contain themselves. */
function checkOfMessage(message: () => Message): Check {
  let rules: Rules | undefined;
  return (value, walk) => {
    rules ??= rulesOf(message());
    checkFields(rules, value, walk);
  };
}

function checkOfEither({ message, other }: Extract<Type, { kind: 'either' }>): Check {
  const checkMessage = checkOfMessage(message);
  const check = checkOf(other);
  return (value, walk) => {
    if (isObject(value)) checkMessage(value, walk);
    else check?.(value, walk);
  };
}

function checkOfItems(check: Check | undefined): Check | undefined {
  return (
    check &&
    ((value, walk) => {
      if (!Array.isArray(value)) return;
      for (let at = 0; at < value.length; at++) {
        walk.enter(at);
        check(value[at], walk);
        walk.leave();
      }
    })
  );
}

function checkOfEntries(check: Check | undefined): Check | undefined {
  return (
    check &&
    ((value, walk) => {
      if (!isObject(value)) return;
      for (const key in value) {
        walk.enter({ key });
        check(value[key], walk);
        walk.leave();
      }
    })
  );
}

/** Whether a value of a required field is as good as nothing; undefined where none is. */
function missing({ type, pointer, required }: FieldData): ((value: unknown) => boolean) | undefined {
  if (required !== true || type.kind === 'list' || type.kind === 'map') return undefined;
  const isAbsent = (value: unknown): boolean => value === undefined || value === null;
  if (pointer === true) return isAbsent;
  if (type.kind === 'string' && type.minLength !== 0 && type.enumIsForRules !== true) {
    return (value) => value === '' || isAbsent(value);
  }
  const isNumber = type.kind === 'int32' || type.kind === 'int64';
  return isNumber && (type.minimum ?? 0) > 0 ? (value) => value === 0 || isAbsent(value) : isAbsent;
}
