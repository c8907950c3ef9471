import { messageOf } from '#base';
import {
  badRequest,
  generic,
  isObject,
  isStatusError,
  jsonPatch,
  mergePatch,
  strategicMergePatch,
  unsupportedMediaType,
  type Message,
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
  checkPatch(type, patch);
  try {
    if (Array.isArray(patch)) return jsonPatch(structuredClone(object), patch);
    if (type === 'application/merge-patch+json') return mergePatch(object, patch);
    return strategicMergePatch(message, object, patch);
  } catch (error) {
    if (isStatusError(error)) throw error;
    throw generic({ code: 422, reason: 'Invalid', message: messageOf(error) });
  }
}

function checkPatch(type: PatchType, patch: unknown): void {
  if (!patchTypes.includes(type)) throw unsupportedMediaType(type, patchTypes);
  const wantsArray = type === 'application/json-patch+json';
  if (wantsArray ? !Array.isArray(patch) : !isObject(patch)) {
    throw badRequest(`error decoding patch: expected ${wantsArray ? 'an array of operations' : 'an object'}`);
  }
}
