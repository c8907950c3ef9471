import {
  badRequest,
  conflict,
  FieldErrors,
  FieldPath,
  invalid,
  joinKey,
  notFound,
  objectModified,
  validateFields,
  type KubeMeta,
  type KubeObject,
} from '#machinery';
import type { StoredObject } from '../watch-cache/index.ts';
import { objectOf } from './body.ts';
import { createNamed, placeInNamespace } from './create.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Parts } from './parts.ts';
import type { RequestContext, WriteOptions } from './rest.ts';
import type { Change, ChangeResult } from './storage.ts';
import type { UpdateStrategy } from './strategy.ts';

/** One update: of which object, by whom, and how the wanted object follows from the one that is there. */
export interface UpdateRequest {
  readonly context: RequestContext;
  readonly ns: string;
  readonly name: string;
  readonly options: WriteOptions;
  /** '' for the object itself. */
  readonly subresource: string;
  readonly strategy: UpdateStrategy;
  /** The wanted object, to be changed in place: the body, or the patched old object. Called again after a lost race. */
  readonly wanted: (old: KubeObject) => KubeObject;
}

/** `UpdateRequest.wanted` of a PUT. */
export function wantedOfBody(
  { resource }: Parts,
  body: unknown,
  context: RequestContext,
  options: WriteOptions,
): () => KubeObject {
  const object = objectOf(resource, body, context, options);
  return () => structuredClone(object);
}

/** Updates an object; creates it where the resource's strategy allows. Throws NotFound, Conflict, Invalid. */
export async function update(parts: Parts, request: UpdateRequest): Promise<ChangeResult> {
  const { ns, name, options } = request;
  const result = await parts.storage.change(
    joinKey(ns, name),
    (current) => decide(parts, request, current),
    options.dryRun ?? false,
  );
  if (result.outcome === 'deleted') parts.strategy.afterDelete?.(result.stored.object);
  return result;
}

/** Creates instead of updating, where the strategy allows that and the object is not there. */
export async function updateOrCreate(parts: Parts, request: UpdateRequest): Promise<ChangeResult> {
  try {
    return await update(parts, request);
  } catch (error) {
    if (!(error instanceof MissingObject)) throw error;
    const stored = await createNamed(parts, request.context, error.wanted, request.options);
    return { stored, outcome: 'created' };
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
  const object = request.wanted(old);
  checkNames(parts, request, object);
  checkRevision(parts, request, object, current);
  checkUid(parts, object, old);
  const { context, ns, name, subresource, options } = request;
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
  await parts.admission.mutate(attributes);
  keepServerFields(object, old);
  request.strategy.prepareForUpdate?.(object, old, context);
  validate(parts, request, object, old);
  await parts.admission.validate(attributes);
  if (mayGo(object, old) && (parts.strategy.mayGo?.(object) ?? true)) return { kind: 'delete', answer: object };
  const reservation = parts.strategy.reserve?.(object, old);
  return { kind: 'write', object, reservation };
}

function missing(parts: Parts, { strategy, subresource, name, wanted, ns }: UpdateRequest): Error {
  if (subresource !== '' || strategy !== parts.strategy || !parts.strategy.allowCreateOnUpdate) {
    return notFound(parts.resource, name);
  }
  const object = wanted(emptyObject);
  // A revision or a uid says that the caller has seen an object, which is gone.
  if (object.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${object.metadata.uid}, UID in object meta: `;
    return conflict(parts.resource, name, why);
  }
  if (object.metadata.resourceVersion) return notFound(parts.resource, name);
  placeInNamespace(parts, object, ns);
  return new MissingObject(object);
}

const emptyObject: KubeObject = { metadata: {} };

function checkNames(parts: Parts, { ns, name }: UpdateRequest, object: KubeObject): void {
  placeInNamespace(parts, object, ns);
  const { metadata } = object;
  if (!metadata.name) metadata.name = name;
  if (metadata.name !== name) {
    const why = `the name of the object (${metadata.name}) does not match the name on the URL (${name})`;
    throw badRequest(why);
  }
}

function checkRevision(
  { resource }: Parts,
  { strategy, name }: UpdateRequest,
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

function checkUid({ resource }: Parts, { metadata }: KubeObject, old: KubeObject): void {
  const { uid, name = '' } = metadata;
  if (!uid || uid === old.metadata.uid) return;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`;
  throw conflict(resource, name, why);
}

/** What an update cannot change or clear, however the strategy sees the rest (`registry/rest/update.go`). */
function keepServerFields({ metadata }: KubeObject, { metadata: old }: KubeObject): void {
  metadata.uid ??= old.uid ?? '';
  if (!metadata.creationTimestamp) copyOrDelete(metadata, old, 'creationTimestamp');
  if (old.deletionTimestamp !== undefined || !metadata.deletionTimestamp) {
    copyOrDelete(metadata, old, 'deletionTimestamp');
    copyOrDelete(metadata, old, 'deletionGracePeriodSeconds');
  }
  copyOrDelete(metadata, old, 'generation');
  copyOrDelete(metadata, old, 'generateName');
  if (metadata.finalizers?.length === 0) delete metadata.finalizers;
  if (!metadata.managedFields?.length) copyOrDelete(metadata, old, 'managedFields');
}

function copyOrDelete(to: KubeMeta, from: KubeMeta, field: keyof KubeMeta): void {
  if (from[field] === undefined) delete to[field];
  else Object.assign(to, { [field]: from[field] });
}

function validate(
  { resource }: Parts,
  { strategy, name, subresource }: UpdateRequest,
  object: KubeObject,
  old: KubeObject,
): void {
  const errors = new FieldErrors();
  validateMetadata(object.metadata, resource, errors);
  validateMetadataUpdate(object.metadata, old.metadata, errors);
  if (strategy.validatesObject ?? true) {
    validateFields(resource.kind, object, errors);
    resource.validate?.(object, errors, old);
  }
  resource.subresources?.[subresource]?.validate?.(object, errors, old);
  strategy.validateUpdate?.(object, old, errors);
  if (!errors.empty) throw invalid(resource, name, errors);
}

/** Whether this update took away the last thing that held a deleted object (`ShouldDeleteDuringUpdate`). */
function mayGo({ metadata }: KubeObject, old: KubeObject): boolean {
  if (old.metadata.deletionTimestamp === undefined || (metadata.finalizers?.length ?? 0) > 0) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}
