import {
  badRequest,
  isObject,
  jsonPatch,
  mergePatch,
  strategicMergePatch,
  type Message,
  type StatusError,
} from '#machinery';
import type { PatchType } from './rest.ts';

/** All that there are, as errors list them. */
export const patchTypes: readonly PatchType[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** Applies a patch to an object, which stays as it is. Throws BadRequest, or 422 for a patch that does not fit the object. */
export function applyPatch(message: Message, type: PatchType, object: object, patch: unknown): unknown {
  // Go reads `null` into an empty list of operations, and into an empty patch; a merge patch is not read before.
  if (patch === null && type !== 'application/merge-patch+json') return object;
  checkPatch(type, patch);
  switch (type) {
    case 'application/json-patch+json':
      return jsonPatch(object, patch);
    case 'application/merge-patch+json':
      return mergePatch(object, patch);
    default:
      return strategicMergePatch(message, object, patch);
  }
}

/** Throws BadRequest for JSON that is no patch of this type (`applyJSPatch`, `strategicPatchObject`). */
function checkPatch(type: PatchType, patch: unknown): void {
  if (type === 'application/json-patch+json') return checkOperations(patch);
  if (isObject(patch)) return;
  const told = `json: cannot unmarshal ${kindOf(patch)} into Go value of type map[string]interface {}`;
  throw badRequest(type === 'application/merge-patch+json' ? `error decoding patch: ${told}` : told);
}

/** As reading a `[]handlers.jsonPatchOp` tells what is none. */
function checkOperations(patch: unknown): void {
  if (!Array.isArray(patch)) throw unreadable(patch, 'value of type []handlers.jsonPatchOp');
  for (const operation of patch) {
    if (operation === null) continue;
    if (!isObject(operation)) throw unreadable(operation, 'value of type handlers.jsonPatchOp');
    for (const name of ['op', 'from', 'path']) {
      const text = operation[name] ?? '';
      if (typeof text !== 'string') throw unreadable(text, `struct field jsonPatchOp.${name} of type string`);
    }
  }
}

function unreadable(found: unknown, place: string): StatusError {
  return badRequest(`error decoding patch: json: cannot unmarshal ${kindOf(found)} into Go ${place}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
