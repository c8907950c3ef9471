import type { ConvertObject, FieldErrors, FieldFilter, KubeObject } from '#machinery';
import type { DeleteOptions, RequestContext, SubresourceRest } from './rest.ts';
import type { ResourceStore } from './store.ts';

/** Something taken for a write (an IP, a port): kept when the write is done, given back when it is not. */
export interface Reservation {
  settle(written: boolean): Promise<void>;
}

/** How an update, of the object or of one subresource, differs from taking what the client sent. */
export interface UpdateStrategy<T extends KubeObject = KubeObject> {
  /** Puts back what this update must not change, and bumps `metadata.generation` where the wish changed. */
  prepareForUpdate?(object: T, old: T, context: RequestContext): void;
  /** Rules that compare old with new and are not the type's own. */
  validateUpdate?(object: T, old: T, errors: FieldErrors): void;
  /** Whether an update may leave out the resourceVersion. Default: yes. */
  readonly allowUnconditionalUpdate?: boolean;
  /**
   * What of the fields that somebody sent he may come to own: not those that `prepareForUpdate` puts back whoever sends
   * them (`GetResetFields`). Default: all but the status where that has a door of its own, and but the spec through that.
   */
  readonly ownable?: FieldFilter;
  /** Checks the whole object against its type's rules. Default: yes. */
  readonly validatesObject?: boolean;
}

/**
 * What a resource does differently from all others: `pkg/registry/<group>/<resource>/strategy.go` upstream. The objects
 * that come in are the write's own copies, to be changed in place; `old` is shared and frozen.
 */
export interface Strategy<T extends KubeObject = KubeObject> extends UpdateStrategy<T> {
  /** Whether an update of a name that is not there creates it. Default: no. */
  readonly allowCreateOnUpdate?: boolean;
  prepareForCreate?(object: T, context: RequestContext): void;
  validateCreate?(object: T, errors: FieldErrors): void | Promise<void>;
  /** Takes what the object needs beside its place in the store, also for a dry run; `old` on update. Throws StatusError. */
  reserve?(object: T, old: T | undefined, dryRun: boolean): Promise<Reservation | undefined>;
  /** Throws a StatusError where the object must not be deleted. */
  checkDelete?(object: T): void;
  /** Whether a deleted object without finalizers may go; for kinds that know of other reasons to stay. */
  mayGo?(object: T): boolean;
  /** The object is marked as deleted, and stays for now. */
  prepareForDelete?(object: T): void;
  /** The object is gone from the store. */
  afterDelete?(object: T): Promise<void>;
  /** Seconds of grace that a deletion gives the object; undefined to delete it at once. */
  graceSeconds?(object: T, options: DeleteOptions): number | undefined;
  /** `orphan`: dependents stay unless the caller says otherwise. `unsupported`: the caller has no say. */
  readonly garbageCollection?: 'orphan' | 'unsupported';
  /** What who deletes is told that does not say what is to become of what belongs to the object. */
  readonly orphanWarning?: string;
  /** Whether a deletion answers with the object even when it is gone. Default: no, with a Status. */
  readonly answersObject?: boolean;
  /** Objects vanish after this time. */
  readonly ttlSeconds?: number;
  /** Between the versions that its objects are written in. */
  readonly convert?: ConvertObject;
  readonly subresources?: Readonly<Record<string, (store: ResourceStore<T>) => SubresourceRest>>;
}
