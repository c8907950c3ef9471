import { generic, methodNotSupported, type Resource } from '#machinery';
import type { Exchange } from '../http/exchange.ts';
import type { Catalog } from './catalog.ts';
import { serveResource, serveVirtual, type ResourceHandlerParts } from './resource-handler.ts';

/** Answers a path that is no resource; false when it is not this one's. */
export type PathHandler = (exchange: Exchange) => Promise<boolean>;

/** Answers a subresource that leads to a node (log, exec, proxy); false for those of the registry. */
export type ConnectHandler = (exchange: Exchange) => Promise<boolean>;

export interface DispatchParts extends ResourceHandlerParts {
  catalog: Catalog;
  connect: ConnectHandler;
  paths: readonly PathHandler[];
}

/** Finds who answers. Throws NotFound in the words of upstream's mux where nobody does. */
export function dispatcher(parts: DispatchParts): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    if (exchange.info.isResourceRequest) return dispatchResource(exchange, parts);
    for (const handle of parts.paths) if (await handle(exchange)) return;
    throw pathNotFound();
  };
}

async function dispatchResource(exchange: Exchange, parts: DispatchParts): Promise<void> {
  const { group, resource, version } = exchange.info;
  const { catalog } = parts;
  const virtual = catalog.virtual(group, resource);
  if (virtual && virtual.resource.version === version) {
    checkScope(exchange, virtual.resource);
    exchange.route = resource;
    return serveVirtual(exchange, virtual);
  }
  const rest = catalog.rest(group, resource, version);
  if (!rest) throw pathNotFound();
  checkScope(exchange, rest.resource);
  exchange.route = resource;
  if (exchange.info.subresource !== '' && (await parts.connect(exchange))) return;
  if (exchange.info.verb === '') throw methodNotSupported(rest.resource, exchange.method);
  return serveResource(exchange, rest, parts);
}

/** Namespaced objects live below their namespace, the others do not; and what is changed has a name. */
function checkScope({ info }: Exchange, resource: Resource): void {
  const { namespace, name, verb } = info;
  if (name === '' && (verb === 'update' || verb === 'patch')) throw methodNotSupported(resource, verb);
  if (name !== '' && verb === 'create' && info.subresource === '') throw methodNotSupported(resource, verb);
  // `namespaces` itself is written with its own name in the place of a namespace.
  if (!resource.namespaced && namespace !== '' && resource.plural !== 'namespaces') throw pathNotFound();
  if (!resource.namespaced || namespace !== '') return;
  if (verb === 'create' || verb === 'deletecollection') throw methodNotSupported(resource, verb);
  if (verb !== 'list' && verb !== 'watch') throw pathNotFound();
}

export function pathNotFound(): Error {
  const message = 'the server could not find the requested resource';
  return generic({ code: 404, reason: 'NotFound', message, details: {} });
}
