import { DeleteOptions, Status } from '#api';
import type { OpenApiSchema, Resource, Subresource } from '#machinery';
import { operationObject, pathParameters, type Operation } from './operations.ts';
import { listSchemaName, schemaName, type Dialect } from './schemas.ts';

/** The paths of one resource, with its subresources. */
export function pathsOf(resource: Resource, dialect: Dialect): Record<string, OpenApiSchema> {
  const { group, version, plural, namespaced } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  const told: Record<string, OpenApiSchema> = {};
  const add = (path: string, operations: Operation[]): void => {
    if (operations.length === 0) return;
    const methods = operations.map((one) => [one.method, operationObject(one, dialect)] as const);
    told[path] = { ...Object.fromEntries(methods), parameters: pathParameters(path, resource, dialect) };
  };
  add(collection, collectionOperations(resource));
  if (namespaced && resource.verbs.includes('list')) {
    add(`${root}/${plural}`, [operation(resource, 'get', 'list', `list${resource.kindName}ForAllNamespaces`)]);
  }
  add(`${collection}/{name}`, objectOperations(resource));
  for (const [name, sub] of Object.entries(resource.subresources ?? {})) {
    add(`${collection}/{name}/${name}`, subresourceOperations(resource, name, sub));
    if (name === 'proxy')
      add(`${collection}/{name}/proxy/{path}`, subresourceOperations(resource, name, sub, 'WithPath'));
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

const connecting = new Set(['exec', 'attach', 'portforward', 'proxy']);
const methodOf = { get: 'get', create: 'post', update: 'put', patch: 'patch', delete: 'delete' } as const;

function subresourceOperations(
  resource: Resource,
  name: string,
  { kind, verbs }: Subresource,
  suffix = '',
): Operation[] {
  return verbs.map((verb) => {
    const method = methodOf[verb];
    const connects = connecting.has(name);
    const action = connects ? 'connect' : method;
    const title = name.charAt(0).toUpperCase() + name.slice(1);
    const scope = resource.namespaced ? 'Namespaced' : '';
    const word = connects ? `connect${method.charAt(0).toUpperCase()}${method.slice(1)}` : words[action];
    const id = `${word}${scope}${resource.kindName}${title}${suffix}`;
    const schema = kind ? schemaName(kind.kind) : schemaName(resource.kind);
    const gvk = kind
      ? { group: kind.group, version: kind.version, kind: kind.kind.name }
      : { group: resource.group, version: resource.version, kind: resource.kindName };
    return {
      ...operation(resource, method, action, id),
      gvk,
      ...(connects || name === 'log' ? { body: undefined, answer: undefined } : { answer: schema }),
      ...(!connects && (verb === 'create' || verb === 'update') && { body: schema }),
    };
  });
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
  const tag = `${group === '' ? 'core' : (group.split('.')[0] ?? group)}_${version}`;
  const named = `${words[action]}${namespaced ? 'Namespaced' : ''}${kind}`;
  return {
    method,
    action,
    operationId: operationId(group, version, id ?? named),
    description: `${words[action]} ${kind}`,
    tag,
    gvk: { group, version, kind },
    body: bodyOf(resource, action),
    answer: answerOf(resource, action),
  };
}

/** `readCoreV1NamespacedPod`: the group and version stand behind the verb. */
function operationId(group: string, version: string, name: string): string {
  const first = group === '' ? 'core' : (group.split('.')[0] ?? group);
  const place = first.charAt(0).toUpperCase() + first.slice(1) + version.charAt(0).toUpperCase() + version.slice(1);
  return name.replace(/^(connect[A-Z][a-z]+|[a-z]+)/, `$1${place}`);
}

function bodyOf(resource: Resource, action: string): string | undefined {
  if (action === 'post' || action === 'put') return schemaName(resource.kind);
  if (action === 'delete' || action === 'deletecollection') return schemaName(DeleteOptions);
  return action === 'patch' ? patchSchema : undefined;
}

/** What stands for any patch. */
export const patchSchema = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch';

function answerOf(resource: Resource, action: string): string {
  if (action === 'list') return listSchemaName(resource);
  return action === 'delete' || action === 'deletecollection' ? schemaName(Status) : schemaName(resource.kind);
}
