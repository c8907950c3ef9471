/**
 * The contract between the edge of the API server (HTTP, authentication, authorization, discovery) and its storage.
 * The edge knows who asks and in which encoding; a `Rest` knows what a resource means. Nothing in here is about HTTP:
 * bodies are JSON values, answers are stored objects, failures are thrown `StatusError`s.
 */
import type { KubeObject, Resource } from '#machinery';
import type { Piece, TextPiece } from '#wire';

/** Who asks. */
export interface UserInfo {
  name: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** What a request carries through all layers. */
export interface RequestContext {
  user: UserInfo;
  /** Aborts when the client has gone or the request's time is over. */
  signal: AbortSignal;
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
  userAgent: string;
  /** Throws Forbidden unless the user may `create` what the request names: asked where an update or apply creates it. */
  mayCreate?(): void;
  /** Which component writes, and the revision it reacts to. */
  cause?: { component: string; revision?: number };
}

/** An object as the store has it: parsed once, serialized once, shared by all who read it. */
export interface Stored<T = KubeObject> {
  /** Deep-frozen, with `apiVersion` and `kind`. */
  readonly object: T;
  /** The object as JSON, with `metadata.resourceVersion`. */
  readonly json: TextPiece;
  /** The same with a line end, as it is answered. */
  readonly jsonLine: TextPiece;
  /** The same from `"metadata"` on, as it stands in a list, whose items do not tell their kind. */
  readonly jsonOfItem: TextPiece;
  /** The object as a protobuf message: made by who first asks, and then kept. */
  protobuf(encode: () => Uint8Array): Uint8Array;
  readonly resourceVersion: number;
}

/** `metav1.ListOptions`; numbers and booleans are already parsed. */
export interface ListOptions {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: string;
  timeoutSeconds?: number;
  allowWatchBookmarks?: boolean;
  sendInitialEvents?: boolean;
}

/** `metav1.DeleteOptions`. */
export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/** How a write is checked, and whether it is kept. */
export interface WriteOptions {
  dryRun?: boolean;
  /** Default: `Warn`. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  fieldManager?: string;
  /** Applies what others own, too, and takes it from them. */
  force?: boolean;
  /** Fields that stand twice in the body's text, as `parseJson` found them: an error under `Strict`, else a warning. */
  duplicateFields?: readonly string[];
  /** The paths of all keys of a JSON body in the order of its text: what nobody will read is told in that order. */
  keyPaths?: () => readonly string[];
  /** Keys that stand twice in a body in YAML, in the words of `readYaml`. */
  doubledKeys?: readonly string[];
}

/** The four patch content types of the API. */
export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

export interface ListResult<T = KubeObject> {
  items: readonly Stored<T>[];
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/**
 * One event of a watch. In a BOOKMARK `stored.object` has only its kind and `metadata.resourceVersion` (and the
 * annotation `k8s.io/initial-events-end` behind streamed initial events).
 */
export interface WatchItem<T = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  stored: Stored<T>;
  /** As it was encoded already, by format: the edge keeps it here for all who watch. */
  frames?: Map<string, Piece>;
}

/** Takes an event. A promise says that this is enough until it resolves. */
export type TakeEvent<T = KubeObject> = (item: WatchItem<T>) => Promise<void> | undefined;
/** The same, of many at once. */
export type TakeEvents<T = KubeObject> = (items: readonly WatchItem<T>[]) => Promise<void> | undefined;

/**
 * The events of a watch, for one consumer, who iterates, or takes them by `forEach`. It ends when the context's signal
 * aborts, when `timeoutSeconds` are over, or when the consumer is too far behind; it fails with 410 when the start is too
 * old, with 504 when it is in the future.
 */
export interface WatchStream<T = KubeObject> extends AsyncIterable<WatchItem<T>> {
  /**
   * Calls `take` for every event, those that happen meanwhile in the very turn in which they become known; `takePast`,
   * where it is given, for those at the beginning, by the hundred.
   */
  forEach(take: TakeEvent<T>, takePast?: TakeEvents<T>): Promise<void>;
}

export interface WriteResult<T = KubeObject> {
  stored: Stored<T>;
  /** True where the object was not there before (answer 201). */
  created: boolean;
}

export interface DeleteResult<T = KubeObject> {
  /** The last state of the object. */
  stored: Stored<T>;
  /** False when the object stays for now: a grace period or finalizers (answer the object, not a Status). */
  deleted: boolean;
  /** True where upstream always answers with the object, even when it is gone (pods, namespaces, services, ...). */
  answersObject: boolean;
}

/** One resource. `ns` is '' for cluster scope, and in `list` and `watch` for all namespaces. */
export interface Rest {
  readonly resource: Resource;
  /** Throws NotFound; 410 or 504 for a `resourceVersion` that is not there. */
  get(ctx: RequestContext, ns: string, name: string, options?: { resourceVersion?: string }): Promise<Stored>;
  list(ctx: RequestContext, ns: string, options: ListOptions): Promise<ListResult>;
  /** Begins when it is consumed. Throws BadRequest for options that make no sense. */
  watch(ctx: RequestContext, ns: string, options: ListOptions): WatchStream;
  create(ctx: RequestContext, ns: string, body: unknown, options?: WriteOptions): Promise<Stored>;
  update(ctx: RequestContext, ns: string, name: string, body: unknown, options?: WriteOptions): Promise<WriteResult>;
  /** `patch` is the parsed patch: an array for JSON patch, an object otherwise. */
  patch(
    ctx: RequestContext,
    ns: string,
    name: string,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions,
  ): Promise<WriteResult>;
  delete(ctx: RequestContext, ns: string, name: string, options?: DeleteOptions): Promise<DeleteResult>;
  /** The deleted objects (or those marked for deletion), as a list. */
  deleteCollection(ctx: RequestContext, ns: string, list: ListOptions, options?: DeleteOptions): Promise<ListResult>;
  /** `status`, `scale`, `binding`, ...; undefined for what this resource has not, and for what the edge serves (log, exec, proxy). */
  subresource(name: string): SubresourceRest | undefined;
}

/** A subresource: the verbs that are absent are answered with 405. */
export interface SubresourceRest {
  get?(ctx: RequestContext, ns: string, name: string): Promise<Answer>;
  create?(ctx: RequestContext, ns: string, name: string, body: unknown, options?: WriteOptions): Promise<Answer>;
  update?(ctx: RequestContext, ns: string, name: string, body: unknown, options?: WriteOptions): Promise<Answer>;
  patch?(
    ctx: RequestContext,
    ns: string,
    name: string,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions,
  ): Promise<Answer>;
}

/** What a subresource answers: an object with kind (Pod, Scale, Status, TokenRequest, ...), and its JSON. */
export type Answer = Pick<Stored<object>, 'object' | 'jsonLine'>;
