import { isEqualJson, isObject, setKey } from '../json.ts';
import { badRequest } from '../status.ts';

/**
 * RFC 7386: what the patch names is set, `null` takes away, lists are replaced whole. As upstream's library has it
 * (`evanphx/json-patch` v4), objects within new lists lose their nulls too. The inputs stay as they are, and parts of
 * them may stand in the result. Throws StatusError (BadRequest) for a patch that is no object.
 */
export function mergePatch(object: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw badRequest('Invalid JSON Patch');
  return merge(object, patch);
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return isObject(target) ? patch : withoutNulls(patch);
  const out: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else setKey(out, key, merge(Object.hasOwn(out, key) ? out[key] : undefined, value));
  }
  return out;
}

function withoutNulls(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((item) => (isObject(item) ? merge(undefined, item) : withoutNulls(item)))
    : value;
}

/** The smallest merge patch that makes `to` of `from`. A `null` inside `to` cannot be told by a merge patch. */
export function createMergePatch(from: unknown, to: unknown): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  if (!isObject(from) || !isObject(to)) return isObject(to) ? to : patch;
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) setKey(patch, key, null);
  for (const [key, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (isEqualJson(before, value)) continue;
    setKey(patch, key, isObject(before) && isObject(value) ? createMergePatch(before, value) : value);
  }
  return patch;
}
