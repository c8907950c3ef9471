import { isObject, setKey } from '../json.ts';
import type { FieldData, Message, Type } from '../schema/types.ts';
import { badRequest } from '../status.ts';
import {
  areObjects,
  badType,
  checkOrder,
  mergeLists,
  orderList,
  unknownDirective,
  type ListRules,
} from './merge-lists.ts';

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
  const merged = new Set<string>(['$retainKeys']);
  for (const [directive, order] of Object.entries(patch)) {
    const key = keyOf(directive, setElementOrder, 'setElementOrder list');
    if (key === undefined) continue;
    merged.add(directive);
    if (mergeInOrder({ out, key, order, patch, field: fieldOf(type, key) })) merged.add(key);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (merged.has(key)) continue;
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
  throw unknownDirective(patch);
}

/** A copy of the object, without what `$retainKeys` does not name. */
function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  if (!Object.hasOwn(patch, '$retainKeys')) return { ...original };
  const kept: unknown = patch.$retainKeys;
  if (!Array.isArray(kept)) throw badRequest('invalid patch format of retainKeys');
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key === '$retainKeys' || key.startsWith(setElementOrder) || key.startsWith(deleteFromList);
    if (value !== null && !isDirective && !kept.includes(key)) {
      throw badRequest('invalid patch format of retainKeys');
    }
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

type PatchedField = Pick<FieldData, 'type' | 'patchStrategy' | 'patchMergeKey'>;

function fieldOf(type: Type | undefined, key: string): PatchedField | undefined {
  if (type?.kind === 'map') return { type: type.values };
  if (type?.kind !== 'message') return undefined;
  const { fields } = type.message();
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function rulesOf(field: PatchedField | undefined): ListRules {
  const items = field?.type.kind === 'list' ? field.type.items : undefined;
  return {
    mergeKey: field?.patchMergeKey ?? '',
    itemName: items?.kind === 'message' ? items.message().name : '',
    mergeItems: (item, patch) => mergeObjects(item, patch, items),
  };
}

function mergeField(out: JsonObject, key: string, value: unknown, field: PatchedField | undefined): void {
  if (value === null) {
    delete out[key];
    return;
  }
  const before = Object.hasOwn(out, key) ? out[key] : undefined;
  const strategies = field?.patchStrategy ?? [];
  if (isObject(before) && isObject(value)) {
    setKey(out, key, strategies.includes('replace') ? value : mergeObjects(before, value, field?.type));
  } else if (Array.isArray(before) && Array.isArray(value)) {
    setKey(out, key, strategies.includes('merge') ? mergeLists(before, value, rulesOf(field)) : value);
  } else if (isDirective(value)) delete out[key];
  else setKey(out, key, withoutDirectives(withoutNulls(value)));
}

interface OrderStep {
  readonly out: JsonObject;
  readonly key: string;
  readonly order: unknown;
  readonly patch: JsonObject;
  readonly field: PatchedField | undefined;
}

/** `$setElementOrder/x` together with `x`; false where there is no `x`. */
function mergeInOrder({ out, key, order, patch, field }: OrderStep): boolean {
  const before = Object.hasOwn(out, key) ? out[key] : undefined;
  const change = Object.hasOwn(patch, key) ? patch[key] : undefined;
  for (const list of [order, before ?? [], change === undefined ? [] : change]) {
    if (!Array.isArray(list)) throw badType([], list);
  }
  const rules = rulesOf(field);
  const [wanted, original, changes] = [asList(order), asList(before), asList(change)];
  checkOrder(changes, wanted, rules.mergeKey);
  if (before === undefined && change === undefined) return false;
  const lists = { order: wanted, patch: changes, original };
  setKey(out, key, orderList(mergedList(before, change, { field, rules }), lists, rules));
  return true;
}

function mergedList(
  before: unknown,
  change: unknown,
  { field, rules }: { field: PatchedField | undefined; rules: ListRules },
): readonly unknown[] {
  if (change === undefined) return asList(before);
  if (before === undefined) return asList(withoutDirectives(change));
  if (field?.patchStrategy?.includes('merge') !== true) return asList(change);
  return mergeLists(asList(before), asList(change), rules);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function takeOut(out: JsonObject, key: string, unwanted: unknown): void {
  const before = Object.hasOwn(out, key) ? out[key] : undefined;
  if (unwanted === null) delete out[key];
  if (!Array.isArray(before) || !Array.isArray(unwanted)) return;
  if (before.length === 0 && unwanted.length === 0) return;
  areObjects(before, unwanted);
  out[key] = before.filter((item) => !unwanted.includes(item));
}

function isDirective(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, '$patch');
}

/**
 * What comes in as new, without objects that are only a `$patch`. Other directives stay, as upstream leaves them: then they
 * are fields that nobody knows.
 */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirective(item)).map(withoutDirectives);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => !isDirective(member));
  return objectOf(members.map(([key, member]) => [key, withoutDirectives(member)]));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return objectOf(members.map(([key, member]) => [key, withoutNulls(member)]));
}

function objectOf(members: readonly (readonly [string, unknown])[]): JsonObject {
  const out: JsonObject = {};
  for (const [key, member] of members) setKey(out, key, member);
  return out;
}
