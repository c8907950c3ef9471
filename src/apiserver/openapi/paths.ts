import { DeleteOptions, PodLogOptions, Status, WatchEvent } from '#api';
import type { OpenApiSchema, Resource, Subresource } from '#machinery';
import { pathObject, produced, streamed, type Operation } from './operations.ts';
import { capital, groupWord } from './names.ts';
import { parametersIn, parametersOf, pretty } from './parameters.ts';
import { listSchemaName, schemaName, type Dialect } from './schemas.ts';

/** The paths of one resource, with its subresources. */
export function pathsOf(resource: Resource, dialect: Dialect): Record<string, OpenApiSchema> {
  const { group, version, plural, namespaced, verbs } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const inNamespace = namespaced ? '/namespaces/{namespace}' : '';
  const collection = `${root}${inNamespace}/${plural}`;
  const told: Record<string, OpenApiSchema> = {};
  const add = (path: string, operations: Operation[]): void => {
    if (operations.length > 0) told[path] = pathObject(path, operations, dialect);
  };
  add(collection, collectionOperations(resource));
  if (namespaced && verbs.includes('list')) {
    add(`${root}/${plural}`, [operation(resource, 'get', 'list', `list${resource.kindName}ForAllNamespaces`)]);
  }
  add(`${collection}/{name}`, objectOperations(resource));
  for (const [name, sub] of Object.entries(resource.subresources ?? {})) {
    add(`${collection}/{name}/${name}`, subresourceOperations(resource, name, sub));
    if (name === 'proxy')
      add(`${collection}/{name}/proxy/{path}`, subresourceOperations(resource, name, sub, 'WithPath'));
  }
  if (verbs.includes('watch')) {
    const watched = `${root}/watch${inNamespace}/${plural}`;
    const kind = `watch${namespaced ? 'Namespaced' : ''}${resource.kindName}`;
    add(watched, [operation(resource, 'get', 'watchlist', `${kind}List`)]);
    add(`${watched}/{name}`, [operation(resource, 'get', 'watch', kind)]);
    const everywhere = `watch${resource.kindName}ListForAllNamespaces`;
    if (namespaced) add(`${root}/watch/${plural}`, [operation(resource, 'get', 'watchlist', everywhere)]);
  }
  return told;
}

function collectionOperations(resource: Resource): Operation[] {
  const { verbs } = resource;
  return [
    ...(verbs.includes('list') ? [operation(resource, 'get', 'list')] : []),
    ...(verbs.includes('create') ? [operation(resource, 'post', 'post')] : []),
    ...(verbs.includes('deletecollection') ? [operation(resource, 'delete', 'deletecollection')] : []),
  ];
}

function objectOperations(resource: Resource): Operation[] {
  const { verbs } = resource;
  return [
    ...(verbs.includes('get') ? [operation(resource, 'get', 'get')] : []),
    ...(verbs.includes('update') ? [operation(resource, 'put', 'put')] : []),
    ...(verbs.includes('patch') ? [operation(resource, 'patch', 'patch')] : []),
    ...(verbs.includes('delete') ? [operation(resource, 'delete', 'delete')] : []),
  ];
}

/** Streams and proxies: all methods that lead there. */
const connecting: Readonly<Record<string, readonly Operation['method'][]>> = {
  attach: ['get', 'post'],
  exec: ['get', 'post'],
  portforward: ['get', 'post'],
  proxy: ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'],
};
const methodOf = { get: 'get', create: 'post', update: 'put', patch: 'patch', delete: 'delete' } as const;

function subresourceOperations(resource: Resource, name: string, subresource: Subresource, suffix = ''): Operation[] {
  const { kind, verbs } = subresource;
  const scope = resource.namespaced ? 'Namespaced' : '';
  const title = `${scope}${resource.kindName}${capital(name)}${suffix}`;
  const methods = connecting[name];
  if (methods && kind) {
    const gvk = { group: kind.group, version: kind.version, kind: kind.kind.name };
    const query = parametersIn(kind.kind);
    return methods.map((method) => ({
      ...operation(resource, method, 'connect', `connect${capital(method)}${title}`),
      gvk,
      query,
      body: undefined,
      answer: undefined,
      produces: ['*/*'],
    }));
  }
  if (name === 'log') return [logOperation(resource, title)];
  const schema = schemaName(kind?.kind ?? resource.kind);
  const { group, version, kind: of } = kind ?? resource;
  return verbs.map((verb) => {
    const method = methodOf[verb];
    const made = operation(resource, method, method, `${words[method]}${title}`);
    const body = verb === 'create' || verb === 'update' ? schema : made.body;
    return { ...made, gvk: { group, version, kind: of.name }, answer: schema, body };
  });
}

function logOperation(resource: Resource, title: string): Operation {
  const query = [...parametersIn(PodLogOptions), pretty];
  const read = operation(resource, 'get', 'get', `read${title}`);
  return { ...read, query, answer: undefined, produces: [...produced, 'text/plain'] };
}

const words: Record<string, string> = {
  get: 'read',
  list: 'list',
  post: 'create',
  put: 'replace',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'deleteCollection',
};

function operation(resource: Resource, method: Operation['method'], action: string, id?: string): Operation {
  const { group, version, kindName: kind, namespaced } = resource;
  const tag = `${groupWord(group)}_${version}`;
  const named = `${words[action]}${namespaced ? 'Namespaced' : ''}${kind}`;
  return {
    method,
    action,
    operationId: operationId(group, version, id ?? named),
    description: `${words[action]} ${kind}`,
    tag,
    gvk: { group, version, kind },
    query: parametersOf[action] ?? [],
    body: bodyOf(resource, action),
    answer: answerOf(resource, action),
    produces: action === 'list' || action.startsWith('watch') ? streamed : produced,
  };
}

/** `readCoreV1NamespacedPod`: the group and version stand behind the verb. */
function operationId(group: string, version: string, name: string): string {
  return name.replace(/^[a-z]+/, `$&${capital(groupWord(group))}${capital(version)}`);
}

function bodyOf(resource: Resource, action: string): string | undefined {
  if (action === 'post' || action === 'put') return schemaName(resource.kind);
  if (action === 'delete' || action === 'deletecollection') return schemaName(DeleteOptions);
  return action === 'patch' ? patchSchema : undefined;
}

/** What stands for any patch. */
export const patchSchema = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch';

function answerOf(resource: Resource, action: string): string {
  if (action.startsWith('watch')) return schemaName(WatchEvent);
  if (action === 'list') return listSchemaName(resource);
  if (action === 'deletecollection') return schemaName(Status);
  return schemaName(action === 'delete' && !returningDeleted.has(resource.kindName) ? Status : resource.kind);
}

/** Kinds whose deletion is answered with the object (`ReturnDeletedObject` of their stores). */
const returningDeleted = new Set([
  'CSIDriver',
  'CSINode',
  'DeviceClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Pod',
  'PodTemplate',
  'ResourceClaim',
  'ResourceClaimTemplate',
  'ResourceQuota',
  'ResourceSlice',
  'Service',
  'ServiceAccount',
  'StorageClass',
  'VolumeAttachment',
  'VolumeAttributesClass',
]);
