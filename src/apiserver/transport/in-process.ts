import { badRequest, generic, type Resource } from '#machinery';
import type { ApiRequest, Transport, WatchEvent, WatchRequest } from '#client';
import { forbiddenError, type Attributes, type Authorizer } from '../authz/attributes.ts';
import { deleteOptionsOf, listOptionsOf, withName, writeOptionsOf } from '../http/query.ts';
import type { Catalog } from '../handlers/catalog.ts';
import { perform, type Call, type Outcome } from '../handlers/perform.ts';
import type { ListResult, RequestContext, Rest, UserInfo } from '../registry/rest.ts';

export interface InProcessParts {
  catalog: Catalog;
  authorizer: Authorizer;
  /** Aborts when the server stops. */
  stopped: AbortSignal;
  /** Resolves when the server serves. */
  ready: Promise<void>;
}

/**
 * The API for components in the same process: the same authorization, admission and storage as over HTTPS, but objects
 * instead of JSON. What comes out is what the store holds, frozen; a watch event is a pointer.
 */
export class InProcessTransport implements Transport {
  readonly #parts: InProcessParts;
  readonly #user: UserInfo;

  constructor(parts: InProcessParts, user: UserInfo) {
    this.#parts = parts;
    this.#user = user;
  }

  /** As managed fields name it: the loops of one program are one manager, `kube-controller-manager`. */
  get #program(): string | undefined {
    return /^system:(kube-.+)$/.exec(this.#user.name)?.[1];
  }

  async request(request: ApiRequest): Promise<unknown> {
    await this.#parts.ready;
    const context = this.#context(request);
    context.signal.throwIfAborted();
    this.#authorize(request, request.verb);
    const { group, plural } = request.resource;
    const call = callOf(request);
    const virtual = this.#parts.catalog.virtual(group, plural);
    if (virtual) return (await virtual.create(context, call.namespace, call.body, call.write ?? {})).object;
    const rest = this.#rest(request.resource);
    context.mayCreate = () => this.#authorize(request, 'create', request.name);
    return objectOf(rest.resource, await perform(context, rest, call));
  }

  async *watch(request: WatchRequest): AsyncIterable<WatchEvent<unknown>> {
    await this.#parts.ready;
    this.#authorize(request, 'watch');
    const context = this.#context(request);
    const options = withName(listOptionsOf(queryOf(request), true), request.name ?? '');
    const rest = this.#rest(request.resource);
    for await (const { type, stored } of rest.watch(context, request.namespace ?? '', options)) {
      yield { type, object: stored.object };
    }
  }

  #rest({ group, plural, version }: Pick<Resource, 'group' | 'plural' | 'version'>): Rest {
    const rest = this.#parts.catalog.rest(group, plural, version);
    if (rest) return rest;
    const message = 'the server could not find the requested resource';
    throw generic({ code: 404, reason: 'NotFound', message, details: {} });
  }

  #authorize(request: WatchRequest, verb: string, asked?: string): void {
    const { resource, namespace = '', name = '', subresource = '', options } = request;
    const fieldSelector = options?.['fieldSelector'];
    const attributes: Attributes = {
      user: this.#user,
      verb,
      isResourceRequest: true,
      path: '',
      group: resource.group,
      version: resource.version,
      resource: resource.plural,
      subresource,
      // As over HTTPS, where a Namespace's path names it twice: a role in the namespace may be about itself.
      namespace: resource.plural === 'namespaces' && resource.group === '' ? name : namespace,
      // A create knows no name yet; upstream's authorizers see none either.
      name: asked ?? (verb === 'create' && subresource === '' ? '' : name),
      ...(typeof fieldSelector === 'string' && { fieldSelector }),
    };
    const decision = this.#parts.authorizer.authorize(attributes);
    if (!decision.allowed) throw forbiddenError(attributes, decision.reason);
  }

  #context({ component, signal }: WatchRequest): RequestContext {
    const { stopped } = this.#parts;
    return {
      user: this.#user,
      signal: signal ? AbortSignal.any([signal, stopped]) : stopped,
      warn: () => undefined,
      userAgent: `${this.#program ?? component ?? ''}/1.36 (kedge)`,
      ...(component && { cause: { component } }),
    };
  }
}

function queryOf({ options = {} }: WatchRequest): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return query;
}

function callOf(request: ApiRequest): Call {
  const { verb, namespace = '', name = '', subresource = '', body, patchType } = request;
  const query = queryOf(request);
  const call: Call = { verb, namespace, name, subresource };
  switch (verb) {
    case 'get': {
      const resourceVersion = query.get('resourceVersion');
      return resourceVersion === null ? call : { ...call, resourceVersion };
    }
    case 'list':
      return { ...call, list: listOptionsOf(query, false) };
    case 'create':
      return { ...call, body, write: writeOptionsOf(query, 'CreateOptions') };
    case 'update':
      return { ...call, body, write: writeOptionsOf(query, 'UpdateOptions') };
    case 'patch':
      if (!patchType) throw badRequest('a patch needs a type');
      return { ...call, body, patchType, write: writeOptionsOf(query, 'PatchOptions', patchType) };
    case 'delete':
      return { ...call, delete: deleteOptionsOf(query, body) };
    case 'deletecollection':
      return { ...call, list: listOptionsOf(query, false), delete: deleteOptionsOf(query, body) };
  }
}

function objectOf(resource: Resource, outcome: Outcome): object {
  return outcome.list ? listObject(resource, outcome.list) : outcome.answer.object;
}

function listObject({ listKind: kind, apiVersion }: Resource, list: ListResult): object {
  const { resourceVersion, remainingItemCount } = list;
  const metadata = {
    resourceVersion,
    ...(list.continue && { continue: list.continue }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
  return { kind, apiVersion, metadata, items: list.items.map(({ object }) => object) };
}
