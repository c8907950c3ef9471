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
  type KubeObject,
  type Message,
} from '#machinery';
import { objectOf } from './body.ts';
import type { Parts } from './parts.ts';
import type { PatchType, RequestContext, WriteOptions } from './rest.ts';

const supported: readonly PatchType[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** `UpdateRequest.wanted` of a PATCH: the old object, changed and decoded anew. */
export function wantedOfPatch(
  { resource }: Parts,
  type: PatchType,
  patch: unknown,
  context: RequestContext,
  options: WriteOptions,
): (old: KubeObject) => KubeObject {
  checkPatch(type, patch);
  return (old) => objectOf(resource, applyPatch(resource.kind, type, old, patch), context, options);
}

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
  // Server-side apply is to come; it needs the managed fields that are not kept yet.
  if (!supported.includes(type)) throw unsupportedMediaType(type, supported);
  const wantsArray = type === 'application/json-patch+json';
  if (wantsArray ? !Array.isArray(patch) : !isObject(patch)) {
    throw badRequest(`error decoding patch: expected ${wantsArray ? 'an array of operations' : 'an object'}`);
  }
}
