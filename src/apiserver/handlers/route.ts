import { badRequest, generic, isPathSegment, type Resource } from '#machinery';
import type { Exchange } from '../http/exchange.ts';

/** Throws what upstream's router answers where a path of a resource, or a method on it, leads nowhere (`endpoints/installer.go`). */
export function checkRoute({ info, method }: Exchange, resource: Resource): void {
  const { namespace, name, verb, subresource } = info;
  // `namespaces` itself is written with its own name in the place of a namespace.
  if (!resource.namespaced && namespace !== '' && resource.plural !== 'namespaces') throw routeNotFound();
  const isList = verb === 'list' || verb === 'watch'; // of one name too, by a field selector
  if (resource.namespaced && namespace === '' && name !== '' && !isList) throw routeNotFound();
  if (subresource !== '') return checkSubresource(info, resource);
  if (name !== '' && !resource.verbs.includes('list')) throw routeNotFound(); // reviews
  if (method === 'HEAD' || !verbsAt(resource, info).includes(verb)) throw methodNotAllowed();
  const problems = isPathSegment(name); // `generic/registry/store.go`
  if (problems.length > 0) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${problems.join(';')}`);
}

function checkSubresource({ subresource, subpath, verb }: Exchange['info'], resource: Resource): void {
  const found = resource.subresources?.[subresource];
  if (!found) throw routeNotFound();
  if (subresource === 'proxy') return; // its path and its methods are those of who is behind it
  if (subpath !== '' && subpath !== '/') throw routeNotFound();
  if (!found.verbs.some((one) => one === verb)) throw methodNotAllowed();
}

/** The verbs of an object, of a collection, or of a collection over all namespaces. */
function verbsAt({ verbs, namespaced }: Resource, { namespace, name, verb }: Exchange['info']): readonly string[] {
  if (verb === 'watch') return verbs.includes('list') ? ['watch'] : []; // what cannot be watched says so itself
  if (verb === 'list') return verbs;
  if (name !== '') return verbs.filter((one) => one !== 'create');
  const ofAll = namespaced && namespace === '' ? [] : ['create', 'deletecollection'];
  return verbs.filter((one) => ofAll.includes(one));
}

/** 404 in the words of upstream's router. */
export function routeNotFound(): Error {
  const message = 'the server could not find the requested resource';
  return generic({ code: 404, reason: 'NotFound', message, details: {} });
}

/** 405 in the words of upstream's router. */
export function methodNotAllowed(): Error {
  const message = 'the server does not allow this method on the requested resource';
  return generic({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}
