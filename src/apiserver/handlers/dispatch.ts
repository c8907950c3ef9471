import type { Exchange } from '../http/exchange.ts';
import type { Catalog } from './catalog.ts';
import { serveResource, serveVirtual, type ResourceHandlerParts } from './resource-handler.ts';
import { respondText } from './respond.ts';
import { checkRoute, routeNotFound } from './route.ts';

/** Answers a path that is no resource; false when it is not this one's. */
export type PathHandler = (exchange: Exchange) => Promise<boolean>;

/** Answers a subresource that leads to a node (log, exec, proxy); false for those of the registry. */
export type ConnectHandler = (exchange: Exchange) => Promise<boolean>;

export interface DispatchParts extends ResourceHandlerParts {
  catalog: Catalog;
  connect: ConnectHandler;
  paths: readonly PathHandler[];
}

/** Finds who answers. Where nobody does, upstream says so as a page, or as a Status below the groups that it serves. */
export function dispatcher(parts: DispatchParts): (exchange: Exchange) => Promise<void> {
  const groups = new Set(parts.catalog.resources.map(({ group }) => group));
  return async (exchange) => {
    if (exchange.info.isResourceRequest && (await dispatchResource(exchange, parts))) return;
    if (!exchange.info.isResourceRequest) {
      for (const handle of parts.paths) if (await handle(exchange)) return;
    }
    const group = groupOfPath(exchange.path);
    if (group !== undefined && groups.has(group)) throw routeNotFound();
    await respondText(exchange, '404 page not found\n', 404);
  };
}

/** False where there is no such resource. */
async function dispatchResource(exchange: Exchange, parts: DispatchParts): Promise<boolean> {
  const { group, resource, version, subresource } = exchange.info;
  const { catalog } = parts;
  const virtual = catalog.virtual(group, resource);
  if (virtual?.resource.version === version) {
    checkRoute(exchange, virtual.resource);
    exchange.route = resource;
    await serveVirtual(exchange, virtual);
    return true;
  }
  const rest = catalog.rest(group, resource, version);
  if (!rest) return false;
  checkRoute(exchange, rest.resource);
  exchange.route = resource;
  if (subresource === '' || !(await parts.connect(exchange))) await serveResource(exchange, rest, parts);
  return true;
}

/** The API group below whose path this is. */
function groupOfPath(path: string): string | undefined {
  const [, prefix, group] = path.split('/');
  if (prefix === 'api') return '';
  return prefix === 'apis' ? group : undefined;
}
