import {
  applyDefaults,
  badRequest,
  generic,
  isObject,
  StatusError,
  unsupportedMediaType,
  type KubeObject,
} from '#machinery';
import { objectOf, yamlProblem } from './body.ts';
import { decodeChanged } from './decode-changed.ts';
import type { Door } from './door.ts';
import { dedupeOwners } from './owner-references.ts';
import { copyOf, setManagedFields, track } from './managed-fields.ts';
import { patchTypes } from './patch.ts';
import { patchedObject, converterWords } from './patched-object.ts';
import type { PatchType, RequestContext, WriteOptions } from './rest.ts';

/** What a write makes of an object. */
export interface Wanted {
  /**
   * The wanted object, to be changed in place, made of the one that is there; of nothing where the write creates it.
   * Called again after a lost race.
   */
  readonly make: (old: KubeObject | undefined) => KubeObject;
  /** Whether the object is created where it is not there: an apply always does that, a PUT where the resource allows it. */
  readonly creates?: 'always' | 'ifAllowed';
  /** The uid that a PUT says it is about. */
  readonly uid?: string | undefined;
}

interface Writer {
  readonly context: RequestContext;
  readonly options: WriteOptions;
}

/** What a PUT wants. */
export function wantedOfBody(door: Door, body: unknown, context: RequestContext, options: WriteOptions): Wanted {
  let object: KubeObject | undefined = objectOf(door.resource, body, context, options);
  const { uid } = object.metadata;
  const make = (old: KubeObject | undefined): KubeObject => {
    // Few writes lose a race: for those the body is read again, without telling anything twice.
    const wanted = object ?? objectOf(door.resource, body, { ...context, warn: () => {} }, options);
    object = undefined;
    track(door, { context, options }, wanted, old);
    return wanted;
  };
  return { make, creates: 'ifAllowed', uid };
}

/** What a PATCH wants. */
export function wantedOfPatch(
  door: Door,
  type: PatchType,
  patch: unknown,
  context: RequestContext,
  options: WriteOptions,
): Wanted {
  if (type === 'application/apply-patch+yaml') return wantedOfApply(door, patch, { context, options });
  const { resource } = door;
  const make = (old: KubeObject | undefined): KubeObject => {
    if (!old) throw new Error(`a patch creates no ${resource.kindName}`);
    const wanted = patchedObject(resource, old, { type, patch }, { context, options });
    track(door, { context, options }, wanted, old);
    dedupeOwners(wanted, context, 'patched');
    return wanted;
  };
  return { make };
}

/** What a configuration that is applied wants; the live object stays out of it where others own it. */
function wantedOfApply(door: Door, config: unknown, { context, options }: Writer): Wanted {
  if (!isObject(config)) throw unsupportedMediaType('application/apply-patch+yaml', patchTypes);
  const { fieldManager: manager = '', force = false } = options;
  const make = (old: KubeObject | undefined): KubeObject => {
    const { object, managedFields } = door.fields.apply(old, config, { manager, force });
    const wanted = object === undefined && old ? copyOf(old) : decodeApplied(door, object ?? {}, config, old);
    setManagedFields(wanted, managedFields);
    judgeDoubledKeys(context, options);
    dedupeOwners(wanted, context, 'patched');
    return wanted;
  };
  return { make, creates: 'always' };
}

/** Fields that are not known are refused anyway; those that stand twice are told after all else (`applyPatcher`). */
function judgeDoubledKeys(context: RequestContext, { fieldValidation = 'Warn', doubledKeys = [] }: WriteOptions): void {
  if (doubledKeys.length === 0 || fieldValidation === 'Ignore') return;
  const message = `error converting YAML to JSON: ${yamlProblem(doubledKeys)}`;
  if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${message}`);
  context.warn(message.replaceAll(/\s+/g, ' '));
}

/** Makes an object of what was merged: its type was looked at loosely before. */
function decodeApplied(
  { resource, fields }: Door,
  merged: unknown,
  config: Readonly<Record<string, unknown>>,
  old: KubeObject | undefined,
): KubeObject {
  const { apiVersion, kindName: kind } = resource;
  try {
    const object = Object.assign(decodeChanged(resource.kind, merged, old).object, { apiVersion, kind });
    applyDefaults(resource.kind, object);
    resource.setDefaults?.(object);
    return object;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const why = `unable to convert unstructured object to ${apiVersion}, Kind=${kind}: ${converterWords(error)}`;
    const message = `failed to convert new object (${fields.describe(config)}) to proper version: ${why}`;
    throw generic({ code: 500, reason: '', message });
  }
}
