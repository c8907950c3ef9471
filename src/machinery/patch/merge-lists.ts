import { goString, goTypeOf } from '../go-values.ts';
import { isObject } from '../json.ts';
import { generic, type StatusError } from '../status.ts';

type JsonObject = Record<string, unknown>;

/** How the items of one list are told apart and merged. */
export interface ListRules {
  /** Empty for lists of scalars. */
  readonly mergeKey: string;
  /** The items' type, for errors. */
  readonly itemName: string;
  readonly mergeItems: (item: JsonObject, patch: JsonObject) => JsonObject;
}

/** Merges a patch's list into the object's: items in both are merged, the patch's new ones come in where its order puts them. */
export function mergeLists(original: readonly unknown[], patch: readonly unknown[], rules: ListRules): unknown[] {
  if (original.length === 0 && patch.length === 0) return [];
  if (!areObjects(original, patch)) {
    const merged = [...new Set([...original, ...patch])];
    return interleave(merged, { order: patch, original }, (item) => item);
  }
  if (rules.mergeKey === '') throw failure(`cannot merge lists without merge key for ${rules.itemName}`);
  const { base, changes } = applyItemDirectives(original, patch, rules.mergeKey);
  const merged = [...base];
  for (const change of changes) {
    const key = keyIn(change, rules.mergeKey);
    const at = merged.findIndex((item) => isObject(item) && item[rules.mergeKey] === key);
    const item = merged[at];
    if (isObject(item)) merged[at] = rules.mergeItems(item, change);
    else merged.push(change);
  }
  return interleave(merged, { order: changes, original: base }, byKey(rules.mergeKey));
}

/** Whether the lists' items are objects. Throws where they are of several types, or lists themselves. */
export function areObjects(...lists: readonly (readonly unknown[])[]): boolean {
  const [first, ...others] = lists.flat();
  if (first === undefined) throw failure('no elements in any of the given slices');
  if (Array.isArray(first)) throw unprocessableLists();
  const type = goTypeOf(first);
  if (others.every((item) => goTypeOf(item) === type)) return isObject(first);
  throw failure(`list element types are not identical: ${goString(lists)}`);
}

/** Puts a merged list into the order that `$setElementOrder` gives; what it does not name keeps its place among the others. */
export function orderList(
  merged: readonly unknown[],
  lists: { order: readonly unknown[]; patch: readonly unknown[]; original: readonly unknown[] },
  rules: ListRules,
): unknown[] {
  const identify = rules.mergeKey === '' ? (item: unknown): unknown => item : byKey(rules.mergeKey);
  areObjects(lists.original, lists.patch);
  return interleave(merged, lists, identify);
}

/** `$patch: delete` takes an item out, `$patch: replace` leaves nothing but the patch's items. */
function applyItemDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { base: readonly unknown[]; changes: readonly JsonObject[] } {
  let base = original;
  let isReplaced = false;
  const changes: JsonObject[] = [];
  for (const item of patch) {
    if (!isObject(item)) continue;
    if (!Object.hasOwn(item, '$patch')) changes.push(item);
    else if (item.$patch === 'replace') isReplaced = true;
    else if (item.$patch === 'delete') {
      const key = keyIn(item, mergeKey);
      base = base.filter((one) => !(isObject(one) && one[mergeKey] === key));
    } else if (item.$patch === 'merge') throw failure('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(item);
  }
  return isReplaced ? { base: changes, changes: [] } : { base, changes };
}

/**
 * Sorts the patch's items by the patch's order and the others by the original's, and merges both runs: one of the others
 * goes before the first of the patch's items that stood behind it.
 */
function interleave(
  merged: readonly unknown[],
  { order, original }: { order: readonly unknown[]; original: readonly unknown[] },
  identify: (item: unknown) => unknown,
): unknown[] {
  const wanted = places(order, identify);
  const before = places(original, identify);
  const at = (item: unknown, map: ReadonlyMap<unknown, number>): number => map.get(identify(item)) ?? -1;
  const patched = merged.filter((item) => wanted.has(identify(item))).sort((a, b) => at(a, wanted) - at(b, wanted));
  const others = merged.filter((item) => !wanted.has(identify(item))).sort((a, b) => at(a, before) - at(b, before));
  const stoodBefore = (one: unknown, other: unknown): boolean =>
    at(one, before) >= 0 && at(other, before) >= 0 && at(one, before) < at(other, before);
  const out: unknown[] = [];
  for (const item of patched) {
    while (others.length > 0 && stoodBefore(others[0], item)) out.push(others.shift());
    out.push(item);
  }
  return [...out, ...others];
}

function places(list: readonly unknown[], identify: (item: unknown) => unknown): ReadonlyMap<unknown, number> {
  const map = new Map<unknown, number>();
  for (const [at, item] of list.entries()) if (!map.has(identify(item))) map.set(identify(item), at);
  return map;
}

/** The patch's own list must not contradict the order that it gives. */
export function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return;
  const identify = mergeKey === '' ? (item: unknown): unknown => item : byKey(mergeKey);
  let at = 0;
  for (const item of patch) {
    if (isObject(item) && Object.hasOwn(item, '$patch')) continue;
    while (at < order.length && identify(order[at]) !== identify(item)) at += 1;
    if (at === order.length) {
      throw failure(
        `The order in patch list:\n${goString(patch)}\n doesn't match $setElementOrder list:\n${goString(order)}\n`,
      );
    }
    at += 1;
  }
}

function byKey(mergeKey: string): (item: unknown) => unknown {
  return (item) => keyIn(item, mergeKey);
}

function keyIn(item: unknown, mergeKey: string): unknown {
  if (!isObject(item)) throw badType({}, item);
  if (Object.hasOwn(item, mergeKey)) return item[mergeKey];
  throw failure(`map: ${goString(item)} does not contain declared merge key: ${mergeKey}`);
}

/** `$patch` with a word that is not known. */
export function unknownDirective(patch: JsonObject): StatusError {
  return failure(`unknown patch type: ${goString(patch.$patch)} in map: ${goString(patch)}`);
}

/** A value of another type than the patch needs there. */
export function badType(expected: unknown, found: unknown): StatusError {
  return failure(`expected a ${goTypeOf(expected)}, but received a ${goTypeOf(found)}`);
}

/** Errors that the API server passes on as they are. */
function failure(message: string): StatusError {
  return generic({ code: 500, reason: '', message });
}

/** 422, with the few words that upstream leaves of `lists of lists are not supported`. */
function unprocessableLists(): StatusError {
  const message = 'the server rejected our request due to an error in our request';
  const error = generic({ code: 422, reason: 'Invalid', message, details: {} });
  error.cause = new Error('lists of lists are not supported');
  return error;
}
