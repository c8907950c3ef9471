import { decode } from '../decode.ts';
import { goFormButLists } from '../go-form.ts';
import { isObject } from '../json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../schema/resource.ts';
import type { Message } from '../schema/types.ts';
import { badRequest, generic } from '../status.ts';
import { formatTime } from '../time.ts';
import { messageOf } from '#base';
import { capManagers } from './cap-managers.ts';
import { conform, joinFaults } from './conform.ts';
import { Conflicts, conflictStatus } from './conflicts.ts';
import { isEmptySet, setOf, subtract, unite } from './field-set.ts';
import { conflictsBeyondLastApplied, withLastApplied } from './last-applied.ts';
import {
  describeManager,
  managerKey,
  nobody,
  readManagedFields,
  writeManagedFields,
  type Managed,
} from './managed-fields.ts';
import { remembering } from './field-filter.ts';
import { fieldElement } from './path-element.ts';
import { shapeOf } from './shape.ts';
import { Updater, type FieldFilter, type Managers, type Owned, type Typed } from './updater.ts';

export interface FieldManagerOptions {
  /** The kind that is written. */
  readonly message: Message;
  readonly apiVersion: string;
  readonly kind: string;
  /** '' for the object itself. */
  readonly subresource: string;
  readonly nowMs: () => number;
  /** What of a set its writers may own here. Default: all. */
  readonly filter?: FieldFilter | undefined;
  /** Default: there is no other version. */
  readonly convert?: ConvertObject | undefined;
}

/** An object of version `from` in version `to`, and its type there; undefined for a version that there is not. */
export type ConvertObject = (
  object: object,
  from: string,
  to: string,
) => { readonly message: Message; readonly object: object } | undefined;

/** What an apply makes: an object that is not decoded yet, and who owns what of it. */
export interface Applied {
  /** Undefined where the configuration changes nothing. */
  readonly object: unknown;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/** Told of an object that nobody is asked about: who it is, and which version. */
const neverOwned = setOf(
  ...['apiVersion', 'kind', 'metadata'].map((name) => [fieldElement(name)]),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', fieldElement(name)]),
);

const ownable = remembering((set) => subtract(set, neverOwned));

/** Names the one who writes now, until it is known whether he changed anything. */
const currentOperation = 'current-operation';

/**
 * Keeps `metadata.managedFields` of one kind of object, written through one door: itself or a subresource. It decides
 * nothing about who owns what (`Updater`), but what is read and written of it: names, times, and what is never owned
 * (`apimachinery/pkg/util/managedfields`). All of it is pure: objects that come in stay as they are.
 */
export class FieldManager {
  readonly #options: FieldManagerOptions;
  readonly #updater: Updater;
  #empty: KubeObject | undefined;
  /** The last second asked for, and its text. */
  #second = NaN;
  #time = '';

  constructor(options: FieldManagerOptions) {
    this.#options = options;
    const { filter } = options;
    this.#updater = new Updater({ convert: (typed, version) => this.#convert(typed, version), filter });
  }

  /**
   * The managed fields of `object`, which `manager` made of `live`, or new where there is none. What the request says
   * itself counts where it can be read: `[{}]` clears, and nothing at all leaves what is there. Throws what
   * `Updater.update` throws.
   */
  update(live: KubeObject | undefined, object: KubeObject, manager: string): ManagedFieldsEntry[] | undefined {
    const managed = this.#given(live, object);
    // Objects that nobody has tracked are not tracked from halfway.
    if (managed.managers.size === 0 && live?.metadata.uid) return undefined;
    return writeManagedFields(capManagers(this.#updated(live ?? this.#emptyObject, object, managed, manager)));
  }

  /** Applies a configuration, as it was sent. Throws StatusError: Conflict, BadRequest, and 500 for what does not fit the type. */
  apply(
    live: KubeObject | undefined,
    config: Readonly<Record<string, unknown>>,
    request: { manager: string; force: boolean },
  ): Applied {
    this.#checkConfig(config);
    const old = live ?? this.#emptyObject;
    let managed = this.#readLive(old);
    if (managed.managers.size === 0) managed = this.#updated(this.#emptyObject, old, managed, 'before-first-apply');
    const applied = this.#applyAs(old, config, { ...request, managed });
    if (request.manager !== 'kubectl') return applied;
    const object = withLastApplied(applied.object ?? old, config);
    return object === old ? applied : { ...applied, object };
  }

  #updated(live: KubeObject, object: KubeObject, managed: Managed, manager: string): Managed {
    const bare = this.#typedObject(withoutManagedFields(object));
    const kept = this.#updater.update(this.#typedObject(live), bare, managed.managers, currentOperation);
    const own = withoutIdentity(kept.get(currentOperation));
    kept.delete(currentOperation);
    if (!own) return { ...managed, managers: kept };
    const key = this.#key(manager, 'Update');
    const before = kept.get(key);
    kept.set(key, before ? { ...own, set: unite(own.set, before.set) } : own);
    return { ...managed, managers: kept, times: new Map(managed.times).set(key, this.#now()) };
  }

  #applyAs(
    live: KubeObject,
    config: Readonly<Record<string, unknown>>,
    { manager, force, managed }: { manager: string; force: boolean; managed: Managed },
  ): Applied {
    const key = this.#key(manager, 'Apply');
    const old = this.#typedObject(live);
    const run = (isForced: boolean): { object: Typed | undefined; managers: Managers } =>
      this.#updater.apply(old, this.#typed(config), { managers: managed.managers, manager: key, force: isForced });
    let result: ReturnType<typeof run>;
    try {
      result = run(force);
    } catch (error) {
      if (!(error instanceof Conflicts)) throw error;
      const left = manager === 'kubectl' ? conflictsBeyondLastApplied(error, old) : error;
      if (left) throw conflictStatus(left, describeManager);
      result = run(true);
    }
    const managers = new Map(result.managers);
    const own = withoutIdentity(managers.get(key));
    if (own) managers.set(key, own);
    else managers.delete(key);
    const times = result.object ? new Map(managed.times).set(key, this.#now()) : managed.times;
    return { object: result.object?.value, managedFields: writeManagedFields({ ...managed, managers, times }) };
  }

  /** Whose fields the request says it starts from. */
  #given(live: KubeObject | undefined, object: KubeObject): Managed {
    const before = (): Managed => readOrNobody(live?.metadata.managedFields);
    const { managedFields } = object.metadata;
    // A subresource has no say in it.
    if (this.#options.subresource !== '' || managedFields === undefined) return before();
    if (managedFields.length === 0 || isCleared(managedFields)) return nobody;
    const given = readOrNobody(managedFields);
    // Clients that do not know the field must not lose it.
    return given.managers.size === 0 ? before() : given;
  }

  #readLive({ metadata }: KubeObject): Managed {
    try {
      return readManagedFields(metadata.managedFields);
    } catch (error) {
      throw failure(`failed to decode managed fields: ${messageOf(error)}`, error);
    }
  }

  #checkConfig(config: Readonly<Record<string, unknown>>): void {
    const { apiVersion, kind } = this.#options;
    const named = this.#describeKind(config);
    if (config.apiVersion !== apiVersion || config.kind !== kind) throw badRequest(`invalid object type: ${named}`);
    const metadata = isObject(config.metadata) ? config.metadata : {};
    if (Array.isArray(metadata.managedFields)) throw badRequest('metadata.managedFields must be nil');
    const faults = conform(this.#typed(config).shape, config);
    if (faults.length === 0) return;
    throw failure(`failed to create typed patch object (${this.describe(config)}): ${joinFaults(faults)}`);
  }

  /** An object as errors of server-side apply name it: `default/web; apps/v1, Kind=Deployment`. */
  describe(object: Readonly<Record<string, unknown>>): string {
    const { name = '', namespace = '' } = isObject(object.metadata) ? object.metadata : {};
    return `${String(namespace)}/${String(name)}; ${this.#describeKind(object)}`;
  }

  #describeKind({ apiVersion = '', kind = '' }: Readonly<Record<string, unknown>>): string {
    const version = String(apiVersion);
    return `${version.includes('/') ? version : `/${version}`}, Kind=${String(kind)}`;
  }

  #convert(typed: Typed, version: string): Typed | undefined {
    if (typed.version === version) return typed;
    const converted = isObject(typed.value) && this.#options.convert?.(typed.value, typed.version, version);
    return converted ? { version, shape: shapeOf(converted.message), value: converted.object } : undefined;
  }

  #typed(value: object): Typed {
    const { message, apiVersion } = this.#options;
    return { version: apiVersion, shape: shapeOf(message), value };
  }

  /** Upstream looks at objects as Go writes them: a time that is not there is `null`, and somebody's. */
  #typedObject(object: KubeObject): Typed {
    return this.#typed(goFormButLists(this.#options.message, object));
  }

  /** What an object is before anybody has said anything. */
  get #emptyObject(): KubeObject {
    const { message, apiVersion, kind } = this.#options;
    this.#empty ??= { ...(decode(message, {}).object as KubeObject), apiVersion, kind };
    return this.#empty;
  }

  #key(manager: string, operation: 'Apply' | 'Update'): string {
    const { apiVersion, subresource } = this.#options;
    return managerKey({ manager: manager === '' ? 'unknown' : manager, operation, apiVersion, subresource });
  }

  #now(): string {
    const second = Math.floor(this.#options.nowMs() / 1000);
    if (second !== this.#second) [this.#second, this.#time] = [second, formatTime(second * 1000)];
    return this.#time;
  }
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _before, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function withoutIdentity(owned: Owned | undefined): Owned | undefined {
  const set = owned && ownable(owned.set);
  return owned && set && !isEmptySet(set) ? { ...owned, set } : undefined;
}

function isCleared(entries: readonly ManagedFieldsEntry[]): boolean {
  const [only] = entries;
  return entries.length === 1 && only !== undefined && Object.keys(only).length === 0;
}

function readOrNobody(entries: readonly ManagedFieldsEntry[] | undefined): Managed {
  try {
    return readManagedFields(entries);
  } catch {
    return nobody; // what cannot be read is nobody's, as upstream has it
  }
}

/** Errors that the API server passes on as they are. */
function failure(message: string, cause?: unknown): Error {
  const error = generic({ code: 500, reason: '', message });
  error.cause = cause;
  return error;
}
