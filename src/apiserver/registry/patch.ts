import { badRequest, isObject, jsonPatch, mergePatch, strategicMergePatch, type Message } from '#machinery';
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
  const found = Array.isArray(patch) ? 'array' : isObject(patch) ? 'object' : typeof patch;
  if (type === 'application/json-patch+json') {
    if (found === 'array') return;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (found === 'object') return;
  const told = `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
  throw badRequest(type === 'application/merge-patch+json' ? `error decoding patch: ${told}` : told);
}
