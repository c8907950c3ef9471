import { isObject, setKey } from '../json.ts';
import type { FieldData, Message, Type } from '../schema/types.ts';
import { badRequest, generic } from '../status.ts';
import { mergeLists, orderList, type ListRules } from './merge-lists.ts';

/**
 * Kubernetes' own patch (`apimachinery/pkg/util/strategicpatch`): a merge patch that knows the types. A list whose field
 * says `patchStrategy: merge` is merged item by item, told apart by the merge key, and keys that start with `$` say what
 * a plain value cannot:
 *
 * - `$patch: replace | delete` in an object, or in an item of a list: takes it as it stands, or takes it away;
 * - `$retainKeys: [...]`: every other key of the object goes;
 * - `$deleteFromPrimitiveList/x: [...]`: takes these out of the list of scalars `x`;
 * - `$setElementOrder/x: [...]`: the order of the items of `x` that the patch knows about.
 *
 * The inputs stay as they are, and parts of them may stand in the result. Throws StatusError: BadRequest for a malformed
 * directive, and without a reason (as upstream) for items that lack their merge key.
 */
export function strategicMergePatch(message: Message, object: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw badRequest('invalid JSON document');
  return mergeObjects(isObject(object) ? object : {}, patch, { kind: 'message', message: () => message });
}

type JsonObject = Record<string, unknown>;

const deleteFromList = '$deleteFromPrimitiveList';
const setElementOrder = '$setElementOrder';

function mergeObjects(original: JsonObject, patch: JsonObject, type: Type | undefined): JsonObject {
  if (Object.hasOwn(patch, '$patch')) return replaced(patch);
  const out = retainKeys(original, patch);
  const merged = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    const key = keyOf(directive, setElementOrder, 'setElementOrder list');
    if (key !== undefined) merged.add(key);
    if (key !== undefined) mergeInOrder({ out, key, order, patch, field: fieldOf(type, key) });
  }
  for (const [key, value] of Object.entries(patch)) {
    if (merged.has(key) || key === '$retainKeys' || key.startsWith(setElementOrder)) continue;
    const listKey = keyOf(key, deleteFromList, 'primitive list');
    if (listKey !== undefined) takeOut(out, listKey, value);
    else mergeField(out, key, value, fieldOf(type, key));
  }
  return out;
}

/** An object with `$patch`. */
function replaced(patch: JsonObject): JsonObject {
  const { $patch: directive, ...rest } = patch;
  if (directive === 'delete') return {};
  if (directive === 'replace') return rest;
  throw generic({ code: 500, reason: '', message: `unknown patch type: ${String(directive)} in map` });
}

/** A copy of the object, without what `$retainKeys` does not name. */
function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  if (!Object.hasOwn(patch, '$retainKeys')) return { ...original };
  const kept: unknown = patch.$retainKeys;
  if (!Array.isArray(kept)) throw badRequest('invalid patch format of retainKeys');
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith('$')) continue;
    if (!kept.includes(key)) throw badRequest('invalid patch format of retainKeys');
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => kept.includes(key)));
}

/** The field that a directive like `$setElementOrder/x` is about. */
function keyOf(directive: string, prefix: string, what: string): string | undefined {
  if (!directive.startsWith(prefix)) return undefined;
  const [head, ...tail] = directive.split('/');
  if (head !== prefix || tail.length === 0) throw badRequest(`invalid patch format of ${what}`);
  return tail.join('/');
}

function fieldOf(
  type: Type | undefined,
  key: string,
): Pick<FieldData, 'type' | 'patchStrategy' | 'patchMergeKey'> | undefined {
  if (type?.kind === 'map') return { type: type.values };
  if (type?.kind !== 'message') return undefined;
  const { fields } = type.message();
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function rulesOf(field: Pick<FieldData, 'type' | 'patchMergeKey'> | undefined): ListRules {
  const items = field?.type.kind === 'list' ? field.type.items : undefined;
  return { mergeKey: field?.patchMergeKey ?? '', mergeItems: (item, patch) => mergeObjects(item, patch, items), clean };
}

function mergeField(out: JsonObject, key: string, value: unknown, field: ReturnType<typeof fieldOf>): void {
  if (value === null) {
    delete out[key];
    return;
  }
  const before = Object.hasOwn(out, key) ? out[key] : undefined;
  const strategies = field?.patchStrategy ?? [];
  if (isObject(before) && isObject(value)) {
    setKey(out, key, strategies.includes('replace') ? value : mergeObjects(before, value, field?.type));
  } else if (Array.isArray(before) && Array.isArray(value) && strategies.includes('merge')) {
    setKey(out, key, mergeLists(before, value, rulesOf(field)));
  } else if (isObject(value) && Object.hasOwn(value, '$patch')) delete out[key];
  else setKey(out, key, Array.isArray(before) && Array.isArray(value) ? value : clean(value));
}

/** `$setElementOrder/x` together with `x`. */
function mergeInOrder(step: {
  out: JsonObject;
  key: string;
  order: unknown;
  patch: JsonObject;
  field: ReturnType<typeof fieldOf>;
}): void {
  const { out, key, order, patch, field } = step;
  const before = Object.hasOwn(out, key) ? out[key] : undefined;
  const change = Object.hasOwn(patch, key) ? patch[key] : undefined;
  const isList = (value: unknown): boolean => value === undefined || Array.isArray(value);
  if (!Array.isArray(order) || !isList(before) || !isList(change)) {
    throw badRequest('invalid patch format of setElementOrder list');
  }
  if (!Array.isArray(before) && !Array.isArray(change)) return;
  const original: unknown[] = Array.isArray(before) ? before : [];
  const changes: unknown[] = Array.isArray(change) ? change : [];
  const isMerged = field?.patchStrategy?.includes('merge') === true;
  const rules = rulesOf(field);
  let merged = isMerged && original.length > 0 ? mergeLists(original, changes, rules) : undefined;
  merged ??= Array.isArray(change) ? cleanList(changes) : original;
  setKey(out, key, orderList(merged, { order, patch: changes, original }, rules));
}

function takeOut(out: JsonObject, key: string, unwanted: unknown): void {
  const before = out[key];
  if (!Array.isArray(before) || !Array.isArray(unwanted)) return;
  out[key] = before.filter((item) => !unwanted.includes(item));
}

/** A value that comes in as new: without nulls, and without what is only a directive. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return cleanList(value);
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const [key, one] of Object.entries(value)) {
    const isDirective = key === '$retainKeys' || key.startsWith(setElementOrder) || key.startsWith(deleteFromList);
    if (one === null || isDirective || (isObject(one) && Object.hasOwn(one, '$patch'))) continue;
    setKey(out, key, clean(one));
  }
  return out;
}

function cleanList(list: readonly unknown[]): unknown[] {
  return list.filter((item) => !(isObject(item) && Object.hasOwn(item, '$patch'))).map(clean);
}
