import { setImmediate } from 'node:timers/promises';
import { APIGroup, APIGroupList, APIResourceList, APIVersions, DeleteOptions, Status, WatchEvent } from '#api';
import type { GroupVersionKind, Message, OpenApiSchema, Resource } from '#machinery';
import type { ApiGroup } from '../discovery/groups.ts';
import { patchSchema, pathsOf } from './paths.ts';
import { rootObject, rootPathsOf, versionPath } from './root-documents.ts';
import { schemaName, schemasOf, type Dialect } from './schemas.ts';
import { Info } from './version-info.ts';

const patch: OpenApiSchema = { description: 'A patch of any of the types that the API knows.', type: 'object' };
const bearer = { description: 'Bearer token', type: 'apiKey', name: 'authorization', in: 'header' };
/** What belongs to no resource. */
const rootMessages: readonly Message[] = [APIGroup, APIGroupList, APIResourceList, APIVersions, Status, Info];
/** What every version of every group takes, or answers with. */
const sharedMessages: readonly Message[] = [DeleteOptions, WatchEvent];

type Paths = Record<string, OpenApiSchema>;

/** The whole API in one OpenAPI v2 document. */
export async function documentV2(groups: readonly ApiGroup[], version: string): Promise<object> {
  const resources = groups.flatMap(({ versions }) => versions.flatMap((one) => one.resources));
  const roots = rootPathsOf(groups).map((one) => rootObject(one, 'v2'));
  const ofVersions = groups.flatMap(({ name, versions }) =>
    versions.map((one) => rootObject(versionPath(name, one.version), 'v2')),
  );
  const paths: Paths = Object.assign({}, ...roots, ...ofVersions, ...resources.map((one) => pathsOf(one, 'v2')));
  await setImmediate();
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths,
    definitions: await schemasFor(paths, resources, 'v2'),
    securityDefinitions: { BearerToken: bearer },
    security: [{ BearerToken: [] }],
  };
}

/** The OpenAPI v3 documents, by their names in the index: each makes its document. */
export function documentsV3(groups: readonly ApiGroup[], version: string): Map<string, () => Promise<object>> {
  const documents = new Map<string, () => Promise<object>>();
  for (const one of rootPathsOf(groups)) {
    documents.set(one.document, () => documentV3(rootObject(one, 'v3'), [], version));
  }
  for (const { name, versions } of groups) {
    for (const { version: of, resources } of versions) {
      const root = versionPath(name, of);
      const paths = (): Paths => Object.assign(rootObject(root, 'v3'), ...resources.map((one) => pathsOf(one, 'v3')));
      documents.set(root.document, () => documentV3(paths(), resources, version));
    }
  }
  return documents;
}

async function documentV3(paths: Paths, resources: readonly Resource[], version: string): Promise<object> {
  await setImmediate();
  const schemas = await schemasFor(paths, resources, 'v3');
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths,
    components: {
      ...(Object.keys(schemas).length > 0 && { schemas }),
      securitySchemes: { BearerToken: bearer },
    },
  };
}

/** All schemas that the paths refer to, and that those reach. Lets other requests in between. */
async function schemasFor(
  paths: Paths,
  resources: readonly Resource[],
  dialect: Dialect,
): Promise<Record<string, OpenApiSchema>> {
  const text = JSON.stringify(paths);
  await setImmediate();
  const isMeant = (name: string): boolean => text.includes(`/${name}"`);
  const shared = new Map([...rootMessages, ...sharedMessages].map((one) => [one, kindsOf(one, resources)] as const));
  const schemas = schemasOf(resources, shared, { dialect, isMeant: (one) => isMeant(schemaName(one)) });
  await setImmediate();
  return isMeant(patchSchema) ? { ...schemas, [patchSchema]: patch } : schemas;
}

/** Options and events are kinds of each group and version, beside the core's. */
function kindsOf(message: Message, resources: readonly Resource[]): GroupVersionKind[] {
  const kinds = message === Info ? [] : [{ group: '', version: 'v1', kind: message.name }];
  if (!sharedMessages.includes(message)) return kinds;
  for (const { group, version } of resources) {
    if (!kinds.some((one) => one.group === group && one.version === version)) {
      kinds.push({ group, version, kind: message.name });
    }
  }
  return kinds;
}
