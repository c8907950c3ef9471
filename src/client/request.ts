import type { Resource } from '#machinery';

/** What a transport needs to know of a resource: its place in the API. Every `Resource<T>` is one. */
export type ApiResource = Pick<
  Resource,
  'group' | 'version' | 'apiVersion' | 'kindName' | 'listKind' | 'plural' | 'namespaced' | 'subresources'
> &
  Partial<Pick<Resource, 'kind'>>;

export type Verb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

/** What may stand in a query string. */
export type QueryOptions = Record<string, string | number | boolean | undefined>;

/** One call of the API, before any wire format. */
export interface ApiRequest {
  verb: Verb;
  resource: ApiResource;
  namespace?: string;
  name?: string;
  subresource?: string;
  /** The object, the patch, or for `delete` and `deletecollection` the DeleteOptions. */
  body?: unknown;
  patchType?: PatchType;
  options?: QueryOptions;
  /** Who asks: the User-Agent, and the cause that is kept beside what is written. */
  component?: string;
  signal?: AbortSignal;
}

export type WatchRequest = Omit<ApiRequest, 'verb' | 'body' | 'patchType'>;

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

/**
 * How calls reach an API server: over HTTPS, in process, or a fake. Answers are API objects (a `List` for `list`),
 * always with `apiVersion` and `kind`, items of lists too; they may be frozen. Failures are `StatusError`s where a
 * server answered, other errors where none did.
 */
export interface Transport {
  request(request: ApiRequest): Promise<unknown>;
  /** Ends when the server ends it or the signal aborts; an ERROR event is thrown as a `StatusError`. */
  watch(request: WatchRequest): AsyncIterable<WatchEvent<unknown>>;
  close?(): Promise<void>;
}

/** The path and query of a call, as the Kubernetes API spells it. */
export function pathOf(request: Omit<ApiRequest, 'verb'>): string {
  const { resource, namespace, name, subresource } = request;
  const segments = resource.group === '' ? ['api', resource.version] : ['apis', resource.group, resource.version];
  if (resource.namespaced && namespace) segments.push('namespaces', namespace);
  segments.push(resource.plural);
  if (name) segments.push(name);
  if (subresource) segments.push(...subresource.split('/'));
  return `/${segments.map(encodeURIComponent).join('/')}${queryOf(request.options)}`;
}

function queryOf(options: QueryOptions = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query.size > 0 ? `?${query.toString()}` : '';
}
