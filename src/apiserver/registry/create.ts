import { randomSuffix, randomUuid } from '#base';
import {
  badRequest,
  FieldErrors,
  formatTime,
  generateNameConflict,
  generic,
  invalid,
  isStatusError,
  joinKey,
  placeErrors,
  validateFields,
  type KubeObject,
} from '#machinery';
import { goOn } from '../admission/go-on.ts';
import type { Attributes } from '../admission/plugin.ts';
import type { StoredObject } from '../watch-cache/index.ts';
import { objectOf } from './body.ts';
import { copyOf, keepReadable, track } from './managed-fields.ts';
import { validateMetadata } from './metadata.ts';
import type { Door } from './door.ts';
import type { Parts } from './parts.ts';
import { tellWarnings } from './tell-warnings.ts';
import type { RequestContext, WriteOptions } from './rest.ts';

const maxGeneratedTries = 8;
/** `generateName` is cut so that the suffix still fits (`apiserver/pkg/storage/names/generate.go`). */
const maxGeneratedBase = 58;

/** Creates the object of a request's body: decode, default, mutate, complete, validate, write. */
export async function create(
  parts: Parts,
  context: RequestContext,
  ns: string,
  body: unknown,
  options: WriteOptions,
): Promise<StoredObject> {
  return createObject(parts, context, ns, newObject(parts.door, body, context, options), options);
}

/** What a body says of a new object, in the version of the door, and whose that is. Throws BadRequest. */
export function newObject(door: Door, body: unknown, context: RequestContext, options: WriteOptions): KubeObject {
  const object = objectOf(door.resource, body, context, options);
  wipe(object);
  track(door, { context, options }, object, undefined);
  return object;
}

/** As `create`, of what `newObject` made. Takes it over. */
export async function createObject(
  parts: Parts,
  context: RequestContext,
  ns: string,
  object: KubeObject,
  options: WriteOptions,
): Promise<StoredObject> {
  placeInNamespace(parts, object, ns);
  const { name, generateName } = object.metadata;
  if (name || !generateName) return createNamed(parts, context, object, options);
  for (let tries = 1; ; tries++) {
    const made = generateName.slice(0, maxGeneratedBase) + randomSuffix(parts.random);
    const attempt = copyOf(object);
    attempt.metadata.name = made;
    try {
      return await createNamed(parts, context, attempt, options);
    } catch (error) {
      if (!isStatusError(error, 'AlreadyExists')) throw error;
      if (tries === maxGeneratedTries) throw generateNameConflict(parts.resource, made, 1);
    }
  }
}

/** Creates an object that is decoded, has its name and says who owns what of it. Takes the object over. */
export async function createNamed(
  parts: Parts,
  context: RequestContext,
  object: KubeObject,
  options: WriteOptions,
): Promise<StoredObject> {
  checkNew(object);
  const attributes = attributesOf(parts, context, object, options);
  const { managedFields } = object.metadata;
  const mutating = parts.admission.mutate(attributes);
  if (mutating) await mutating;
  keepReadable(object, managedFields, context);
  complete(parts, context, object);
  const validating = validate(parts, object);
  if (validating) await validating;
  tellWarnings(parts.resource, context, object);
  const judging = parts.admission.validate(attributes);
  if (judging) await judging;
  const dryRun = options.dryRun ?? false;
  const reserving = parts.strategy.reserve?.(object, undefined, dryRun);
  const reservation = reserving && (await reserving);
  let written = false;
  try {
    const { namespace = '', name = '' } = object.metadata;
    const stored = await parts.storage.create(joinKey(namespace, name), object, dryRun);
    written = !dryRun;
    return stored;
  } catch (error) {
    throw await sayIfDeleting(parts, object, error);
  } finally {
    if (reservation) await reservation.settle(written);
  }
}

/** A revision cannot be that of a new object; what is no revision is as good as none (`storage/etcd3/store.go`). */
function checkNew({ metadata }: KubeObject): void {
  const { resourceVersion = '' } = metadata;
  delete metadata.resourceVersion;
  if (!/^\d*[1-9]\d*$/.test(resourceVersion)) return;
  throw generic({ code: 500, reason: '', message: 'resourceVersion should not be set on objects to be created' });
}

/** Throws BadRequest for what says that it is of another namespace than the request. */
export function mustBeIn(ns: string, metadata: { namespace?: string }): void {
  if (!metadata.namespace || metadata.namespace === ns) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** The namespace of the URL is the object's; one that contradicts is refused. Also for updates. */
export function placeInNamespace({ resource }: Parts, { metadata }: KubeObject, ns: string): void {
  if (!resource.namespaced) {
    if (metadata.namespace) delete metadata.namespace;
    return;
  }
  mustBeIn(ns, metadata);
  if (ns === '') throw badRequest('an empty namespace may not be set during creation');
  metadata.namespace = ns;
}

function attributesOf(
  { resource }: Parts,
  { user }: RequestContext,
  object: KubeObject,
  { dryRun = false }: WriteOptions,
): Attributes {
  const { name = '', namespace = '' } = object.metadata;
  return { operation: 'CREATE', resource, subresource: '', namespace, name, object, user, dryRun };
}

/** Takes away what nobody may say of a new object (`registry/rest/meta.go`, WipeObjectMetaSystemFields). */
function wipe({ metadata }: KubeObject): void {
  const fields = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'] as const;
  for (const field of fields) {
    delete metadata[field];
  }
}

/** Fills in what the server alone says (`registry/rest/create.go`, BeforeCreate). */
function complete({ strategy, clock, random }: Parts, context: RequestContext, object: KubeObject): void {
  const { metadata } = object;
  wipe(object);
  metadata.uid = randomUuid(random);
  metadata.creationTimestamp = formatTime(clock.now());
  strategy.prepareForCreate?.(object, context);
}

function validate({ resource, strategy }: Parts, object: KubeObject): void | Promise<void> {
  const errors = new FieldErrors();
  validateMetadata(object.metadata, resource, errors);
  const from = errors.list.length;
  validateFields(resource.kind, object, errors);
  const to = errors.list.length;
  resource.validate?.(object, errors);
  return goOn(strategy.validateCreate?.(object, errors), () => {
    if (errors.empty) return;
    placeErrors(resource.kind, errors, { from, to });
    throw invalid(resource, object.metadata.name ?? '', errors);
  });
}

/** AlreadyExists of an object on its way out says so. */
async function sayIfDeleting({ storage }: Parts, { metadata }: KubeObject, error: unknown): Promise<unknown> {
  if (!isStatusError(error, 'AlreadyExists')) return error;
  const there = await storage.read(joinKey(metadata.namespace ?? '', metadata.name ?? ''));
  if (there?.object.metadata.deletionTimestamp === undefined) return error;
  const { status } = error;
  return Object.assign(error, {
    message: `object is being deleted: ${error.message}`,
    status: { ...status, message: `object is being deleted: ${status.message}` },
  });
}
