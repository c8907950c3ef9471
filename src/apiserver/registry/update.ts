import {
  badRequest,
  conflict,
  FieldErrors,
  FieldPath,
  invalid,
  isStatusError,
  joinKey,
  notFound,
  objectModified,
  placeErrors,
  validateFields,
  type KubeMeta,
  type KubeObject,
} from '#machinery';
import type { StoredObject } from '../watch-cache/index.ts';
import { createNamed, placeInNamespace } from './create.ts';
import type { Door } from './door.ts';
import { keepReadable, keepTimes } from './managed-fields.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Parts } from './parts.ts';
import { tellWarnings } from './tell-warnings.ts';
import type { RequestContext, WriteOptions } from './rest.ts';
import type { Change, ChangeResult } from './storage.ts';
import { mustHaveUid, otherUid } from './uid-precondition.ts';
import type { Wanted } from './wanted.ts';

/** One update: of which object, by whom, through which door, and how the wanted object follows from the one that is there. */
export interface UpdateRequest {
  readonly context: RequestContext;
  readonly ns: string;
  readonly name: string;
  readonly options: WriteOptions;
  readonly door: Pick<Door, 'subresource' | 'strategy'>;
  readonly wanted: Wanted;
}

/** Updates an object; creates it where the request may do that. Throws NotFound, Conflict, Invalid. */
export async function update(parts: Parts, request: UpdateRequest): Promise<ChangeResult> {
  for (;;) {
    try {
      return await change(parts, request);
    } catch (error) {
      if (!(error instanceof MissingObject)) throw error;
      const made = await createMissing(parts, request, error.wanted);
      if (made) return made;
    }
  }
}

async function change(parts: Parts, request: UpdateRequest): Promise<ChangeResult> {
  const { ns, name, options } = request;
  const result = await parts.storage.change(
    joinKey(ns, name),
    (current) => decide(parts, request, current),
    options.dryRun ?? false,
  );
  if (result.outcome === 'deleted') await parts.strategy.afterDelete?.(result.stored.object);
  return result;
}

/** Undefined where somebody else was faster: then there is an object to update. */
async function createMissing(
  parts: Parts,
  { context, options }: UpdateRequest,
  wanted: KubeObject,
): Promise<ChangeResult | undefined> {
  context.mayCreate?.();
  try {
    return { stored: await createNamed(parts, context, wanted, options), outcome: 'created' };
  } catch (error) {
    if (isStatusError(error, 'AlreadyExists')) return undefined;
    throw error;
  }
}

/** Thrown out of a decision: there is nothing to update, and this is what would be created. */
class MissingObject extends Error {
  readonly wanted: KubeObject;
  constructor(wanted: KubeObject) {
    super('no such object');
    this.wanted = wanted;
  }
}

async function decide(parts: Parts, request: UpdateRequest, current: StoredObject | undefined): Promise<Change> {
  if (!current) throw missing(parts, request);
  const old = current.object;
  checkUid(parts, request, old);
  const object = request.wanted.make(old);
  checkNames(parts, request, object);
  checkRevision(parts, request, object, current);
  const { context, ns, name, options } = request;
  const { subresource, strategy } = request.door;
  const { user } = context;
  const dryRun = options.dryRun ?? false;
  const { resource } = parts;
  const attributes = {
    operation: 'UPDATE',
    resource,
    subresource,
    namespace: ns,
    name,
    object,
    old,
    user,
    dryRun,
  } as const;
  const { managedFields } = object.metadata;
  const mutating = parts.admission.mutate(attributes);
  if (mutating) await mutating;
  keepReadable(object, managedFields, context);
  keepServerFields(object, old);
  strategy.prepareForUpdate?.(object, old, context);
  validate(parts, request, object, old);
  if (strategy.validatesObject ?? true) tellWarnings(resource, context, object, old);
  keepTimes(object, old);
  const judging = parts.admission.validate(attributes);
  if (judging) await judging;
  if (mayGo(object, old) && (parts.strategy.mayGo?.(object) ?? true)) return { kind: 'delete', answer: object };
  const reserving = parts.strategy.reserve?.(object, old, dryRun);
  const reservation = reserving && (await reserving);
  return { kind: 'write', object, reservation };
}

function missing(parts: Parts, request: UpdateRequest): Error {
  const { resource, strategy } = parts;
  const { door, name, wanted } = request;
  const creates = wanted.creates === 'always' || (wanted.creates === 'ifAllowed' && strategy.allowCreateOnUpdate);
  // Of a subresource there is nothing without its object.
  if (door.subresource !== '' || !creates) return notFound(resource, name);
  if (wanted.uid) return otherUid(resource, wanted.uid, { name, namespace: request.ns });
  const object = wanted.make(undefined);
  const { uid } = object.metadata;
  if (uid) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    return conflict(resource, name, why);
  }
  delete object.metadata.resourceVersion; // of an object that is gone
  checkNames(parts, request, object);
  return new MissingObject(object);
}

function checkNames(parts: Parts, { ns, name }: UpdateRequest, object: KubeObject): void {
  placeInNamespace(parts, object, ns);
  const { metadata } = object;
  if (!metadata.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (metadata.name !== name) {
    const why = `the name of the object (${metadata.name}) does not match the name on the URL (${name})`;
    throw badRequest(why);
  }
}

function checkRevision(
  { resource }: Parts,
  { door: { strategy }, name }: UpdateRequest,
  { metadata }: KubeObject,
  current: StoredObject,
): void {
  const { resourceVersion } = metadata;
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === '0') {
    if (strategy.allowUnconditionalUpdate ?? true) return;
    const errors = new FieldErrors();
    errors.invalid(FieldPath.of('metadata', 'resourceVersion'), 0, 'must be specified for an update');
    throw invalid({ group: resource.group, kindName: resource.plural }, name, errors);
  }
  if (resourceVersion !== String(current.resourceVersion)) throw conflict(resource, name, objectModified);
}

/** A PUT is about the object that the caller has seen; what else says a uid is refused as any change of it is. */
function checkUid({ resource }: Parts, { wanted: { uid } }: UpdateRequest, { metadata }: KubeObject): void {
  if (uid) mustHaveUid(resource, uid, metadata);
}

/** What an update cannot change or clear, however the strategy sees the rest (`registry/rest/update.go`). */
function keepServerFields({ metadata }: KubeObject, { metadata: old }: KubeObject): void {
  metadata.uid ??= old.uid ?? '';
  copyOrDelete(metadata, old, 'creationTimestamp');
  if (old.deletionTimestamp !== undefined || !metadata.deletionTimestamp) {
    copyOrDelete(metadata, old, 'deletionTimestamp');
    copyOrDelete(metadata, old, 'deletionGracePeriodSeconds');
  }
  copyOrDelete(metadata, old, 'generation');
  if (metadata.finalizers?.length === 0) delete metadata.finalizers;
}

function copyOrDelete(to: KubeMeta, from: KubeMeta, field: keyof KubeMeta): void {
  if (from[field] === undefined) delete to[field];
  else Object.assign(to, { [field]: from[field] });
}

function validate(
  { resource }: Parts,
  { door: { strategy, subresource }, name }: UpdateRequest,
  object: KubeObject,
  old: KubeObject,
): void {
  const errors = new FieldErrors();
  validateMetadata(object.metadata, resource, errors);
  validateMetadataUpdate(object.metadata, old.metadata, errors);
  const isWhole = strategy.validatesObject ?? true;
  const from = errors.list.length;
  if (isWhole) validateFields(resource.kind, object, errors);
  const to = errors.list.length;
  if (isWhole) resource.validate?.(object, errors, old);
  resource.subresources?.[subresource]?.validate?.(object, errors, old);
  strategy.validateUpdate?.(object, old, errors);
  if (errors.empty) return;
  placeErrors(resource.kind, errors, { from, to });
  throw invalid(resource, name, errors);
}

/** Whether this update took away the last thing that held a deleted object (`ShouldDeleteDuringUpdate`). */
function mayGo({ metadata }: KubeObject, old: KubeObject): boolean {
  if (old.metadata.deletionTimestamp === undefined || (metadata.finalizers?.length ?? 0) > 0) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}
