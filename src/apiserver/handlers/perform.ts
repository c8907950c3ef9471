import { methodNotSupported, successStatus } from '#machinery';
import { answerOf } from '../registry/index.ts';
import type {
  Answer,
  DeleteOptions,
  ListOptions,
  ListResult,
  PatchType,
  RequestContext,
  Rest,
  WriteOptions,
} from '../registry/rest.ts';
import { routeNotFound } from './route.ts';

/** A call of the API, decoded: what remains of a request once HTTP, or the in-process transport, is taken off. */
export interface Call {
  verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
  namespace: string;
  name: string;
  subresource: string;
  body?: unknown;
  patchType?: PatchType;
  resourceVersion?: string;
  list?: ListOptions;
  write?: WriteOptions;
  delete?: DeleteOptions;
}

/** What a call gives: an object (or a Status), or a list. */
export type Outcome = { code: number; answer: Answer; list?: undefined } | { code: number; list: ListResult };

/** Does what the call says to a resource. Throws StatusErrors. */
export async function perform(context: RequestContext, rest: Rest, asked: Call): Promise<Outcome> {
  // The path of a Namespace tells its name as its namespace too, for authorization; it is stored without one.
  const call = rest.resource.namespaced ? asked : { ...asked, namespace: '' };
  if (call.subresource !== '') return performSubresource(context, rest, call);
  const { verb, namespace, name } = call;
  if (!rest.resource.verbs.includes(verb)) throw methodNotSupported(rest.resource, verb);
  switch (verb) {
    case 'get': {
      const options = call.resourceVersion === undefined ? {} : { resourceVersion: call.resourceVersion };
      return { code: 200, answer: await rest.get(context, namespace, name, options) };
    }
    case 'list':
      return { code: 200, list: await rest.list(context, namespace, call.list ?? {}) };
    case 'create':
      return { code: 201, answer: await rest.create(context, namespace, call.body, call.write) };
    case 'update': {
      const { stored, created } = await rest.update(context, namespace, name, call.body, call.write);
      return { code: created ? 201 : 200, answer: stored };
    }
    case 'patch': {
      const type = call.patchType ?? 'application/merge-patch+json';
      const { stored, created } = await rest.patch(context, namespace, name, type, call.body, call.write);
      return { code: created ? 201 : 200, answer: stored };
    }
    case 'delete':
      return performDelete(context, rest, call);
    case 'deletecollection':
      return {
        code: 200,
        list: await rest.deleteCollection(context, namespace, call.list ?? {}, call.delete),
      };
  }
}

async function performDelete(context: RequestContext, rest: Rest, call: Call): Promise<Outcome> {
  const result = await rest.delete(context, call.namespace, call.name, call.delete);
  // 202 only where a client asked, in the old way, to wait for dependents (`endpoints/handlers/delete.go`).
  const code = !result.deleted && call.delete?.orphanDependents === false ? 202 : 200;
  if (!result.deleted || result.answersObject) return { code, answer: result.stored };
  const { group, plural } = rest.resource;
  const uid = result.stored.object.metadata.uid;
  const details = { name: call.name, ...(group !== '' && { group }), kind: plural, ...(uid && { uid }) };
  return { code, answer: answerOf(successStatus(details)) };
}

async function performSubresource(context: RequestContext, rest: Rest, call: Call): Promise<Outcome> {
  const { namespace, name, body, write, verb } = call;
  const sub = rest.subresource(call.subresource);
  if (!sub) throw routeNotFound();
  if (verb === 'get' && sub.get) return { code: 200, answer: await sub.get(context, namespace, name) };
  if (verb === 'create' && sub.create) {
    return { code: 201, answer: await sub.create(context, namespace, name, body, write) };
  }
  if (verb === 'update' && sub.update) {
    return { code: 200, answer: await sub.update(context, namespace, name, body, write) };
  }
  if (verb === 'patch' && sub.patch) {
    const type = call.patchType ?? 'application/merge-patch+json';
    return { code: 200, answer: await sub.patch(context, namespace, name, type, body, write) };
  }
  const { group, plural } = rest.resource;
  throw methodNotSupported({ group, plural: `${plural}/${call.subresource}` }, verb);
}
