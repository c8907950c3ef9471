import { parseFieldSelector, isPathSegment } from '#machinery';

/** What a URL asks for, as authorization and the handlers see it (`apiserver/pkg/endpoints/request/requestinfo.go`). */
export interface RequestInfo {
  /** False for paths outside of `/api/v1/<resource>` and `/apis/<group>/<version>/<resource>`. */
  isResourceRequest: boolean;
  path: string;
  /** get, list, watch, create, update, patch, delete, deletecollection, proxy; the lower-case method for other paths. */
  verb: string;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
  /** The path after the subresource: `/a/b/` of `pods/x/proxy/a/b/`; empty where there is none. */
  subpath: string;
}

const verbOfMethod: Record<string, string> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Tells `/namespaces/x/status` from a namespaced resource called `status`. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** Reads a request line. Throws a RangeError where upstream cannot make sense of the path. */
export function requestInfoOf(method: string, path: string, query: () => URLSearchParams): RequestInfo {
  const info: RequestInfo = {
    isResourceRequest: false,
    path,
    verb: method.toLowerCase(),
    group: '',
    version: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    subpath: '',
  };
  const parts = splitPath(path);
  const isGroup = parts[0] === 'apis';
  if (parts.length < (isGroup ? 4 : 3) || (!isGroup && parts[0] !== 'api')) return info;
  if (isGroup) info.group = parts[1] ?? '';
  info.isResourceRequest = true;
  info.version = parts[isGroup ? 2 : 1] ?? '';
  const at = readVerb(info, method, parts, isGroup ? 3 : 2);
  readResource(info, parts, at);
  if (info.name === '' && info.verb === 'get') readListVerb(info, query());
  if (info.name === '' && info.verb === 'delete') info.verb = 'deletecollection';
  return info;
}

/** `/api/v1/watch/pods` is an old spelling of `?watch=1`. Returns where the path goes on. */
function readVerb(info: RequestInfo, method: string, parts: readonly string[], at: number): number {
  const first = parts[at] ?? '';
  if (first !== 'proxy' && first !== 'watch') {
    info.verb = verbOfMethod[method] ?? '';
    return at;
  }
  if (parts.length - at < 2) throw new RangeError(`unable to determine kind and namespace from url, ${info.path}`);
  info.verb = first;
  return at + 1;
}

function readResource(info: RequestInfo, parts: readonly string[], from: number): void {
  let at = from;
  if (parts[at] === 'namespaces' && parts.length - at > 1) {
    info.namespace = parts[at + 1] ?? '';
    if (parts.length - at > 2 && !namespaceSubresources.has(parts[at + 2] ?? '')) at += 2;
  }
  info.resource = parts[at] ?? '';
  info.name = parts[at + 1] ?? '';
  if (info.verb === 'proxy') return;
  const rest = parts.length - at;
  info.subresource = parts[at + 2] ?? '';
  if (rest > 3) info.subpath = `/${parts.slice(at + 3).join('/')}`;
  if (rest > 2 && info.path.endsWith('/') && !info.subpath.endsWith('/')) info.subpath += '/';
}

/** A GET without a name is a list or a watch; a field selector on `metadata.name` gives it its name back. */
function readListVerb(info: RequestInfo, query: URLSearchParams): void {
  info.verb = isTrue(query.get('watch')) ? 'watch' : 'list';
  const selector = query.get('fieldSelector');
  if (!selector) return;
  try {
    const exact = parseFieldSelector(selector).requirements.find(
      ({ field, operator }) => field === 'metadata.name' && operator === '=',
    );
    if (exact && isPathSegment(exact.value).length === 0) info.name = exact.value;
  } catch {
    // A selector that does not parse is told about by the handler, after authorization.
  }
}

/** How Go's query conversion reads a boolean: absent is false, `0` and `false` are, everything else is true. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

function splitPath(path: string): string[] {
  let start = 0;
  let end = path.length;
  while (path.charCodeAt(start) === slash) start++;
  while (end > start && path.charCodeAt(end - 1) === slash) end--;
  return start === end ? [] : path.slice(start, end).split('/');
}

const slash = 47;

const longRunningSubresources = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/** Requests that may last as long as they like and are not counted as in flight. */
export function isLongRunning(info: RequestInfo): boolean {
  return (
    info.verb === 'watch' ||
    info.verb === 'proxy' ||
    (info.isResourceRequest && longRunningSubresources.has(info.subresource))
  );
}
