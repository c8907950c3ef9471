import { isObject } from '../json.ts';
import { generic, type StatusError } from '../status.ts';

type JsonObject = Record<string, unknown>;

/** How the items of one list are told apart and merged. */
export interface ListRules {
  /** Empty for lists of scalars. */
  readonly mergeKey: string;
  readonly mergeItems: (item: JsonObject, patch: JsonObject) => JsonObject;
  /** Makes a new item of one that only the patch has. */
  readonly clean: (value: unknown) => unknown;
}

/** Merges a patch's list into the object's: items in both are merged, the patch's new ones come in where its order puts them. */
export function mergeLists(original: readonly unknown[], patch: readonly unknown[], rules: ListRules): unknown[] {
  const first = original[0] ?? patch[0];
  if (!isObject(first)) {
    const merged = [...new Set([...original, ...patch])];
    return interleave(merged, { order: patch, original }, (item) => item);
  }
  if (rules.mergeKey === '') throw failure('cannot merge lists without merge key');
  const { base, changes } = applyItemDirectives(original, patch, rules.mergeKey);
  const merged = [...base];
  for (const change of changes) {
    const key = keyIn(change, rules.mergeKey);
    const at = merged.findIndex((item) => isObject(item) && item[rules.mergeKey] === key);
    const item = merged[at];
    if (isObject(item)) merged[at] = rules.mergeItems(item, change);
    else merged.push(rules.clean(change));
  }
  return interleave(merged, { order: changes, original: base }, byKey(rules.mergeKey));
}

/** Puts a merged list into the order that `$setElementOrder` gives; what it does not name keeps its place among the others. */
export function orderList(
  merged: readonly unknown[],
  lists: { order: readonly unknown[]; patch: readonly unknown[]; original: readonly unknown[] },
  rules: ListRules,
): unknown[] {
  const identify = rules.mergeKey === '' ? (item: unknown): unknown => item : byKey(rules.mergeKey);
  checkOrder(lists.patch, lists.order, identify);
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
    if (!isObject(item)) throw failure('expected a map[string]interface {}, but received another type');
    const directive = Object.hasOwn(item, '$patch') ? item.$patch : undefined;
    if (directive === undefined) changes.push(item);
    else if (directive === 'replace') isReplaced = true;
    else if (directive === 'delete') {
      const key = keyIn(item, mergeKey);
      base = base.filter((one) => !(isObject(one) && one[mergeKey] === key));
    } else if (directive === 'merge') throw failure('merging lists cannot yet be specified in the patch');
    else throw failure(`unknown patch type: ${JSON.stringify(directive)} in map: ${JSON.stringify(item)}`);
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
function checkOrder(patch: readonly unknown[], order: readonly unknown[], identify: (item: unknown) => unknown): void {
  if (order.length === 0) return;
  let at = 0;
  for (const item of patch) {
    if (isObject(item) && Object.hasOwn(item, '$patch')) continue;
    while (at < order.length && identify(order[at]) !== identify(item)) at += 1;
    if (at === order.length) {
      throw failure(
        `The order in patch list:\n${JSON.stringify(patch)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
      );
    }
    at += 1;
  }
}

function byKey(mergeKey: string): (item: unknown) => unknown {
  return (item) => keyIn(item, mergeKey);
}

function keyIn(item: unknown, mergeKey: string): unknown {
  if (isObject(item) && Object.hasOwn(item, mergeKey)) return item[mergeKey];
  throw failure(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
}

/** Errors that the API server passes on as they are. */
function failure(message: string): StatusError {
  return generic({ code: 500, reason: '', message });
}
