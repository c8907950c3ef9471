import { ListMeta, packages } from '#api';
import {
  openApiDefinitions,
  openApiSchemas,
  type GroupVersionKind,
  type Message,
  type OpenApiSchema,
  type Resource,
} from '#machinery';

export type Dialect = 'v2' | 'v3';

const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Where schemas refer to each other. */
export const prefixOf: Record<Dialect, string> = { v2: '#/definitions/', v3: '#/components/schemas/' };

const packageOf = new Map<Message, string>();
for (const { name, messages } of packages) for (const message of messages) packageOf.set(message, name);

/** `io.k8s.api.core.v1.Pod`. */
export function schemaName(message: Message): string {
  return `${packageOf.get(message) ?? metaPackage}.${message.name}`;
}

export function listSchemaName(resource: Resource): string {
  return `${schemaName(resource.kind)}List`;
}

/** The schemas of these resources: their kinds, the kinds of their subresources, their lists, and all that those reach. */
export function schemasOf(
  resources: readonly Resource[],
  meta: readonly Message[],
  dialect: Dialect,
): Record<string, OpenApiSchema> {
  const kinds = kindsOf(resources);
  const options = {
    messages: [...kinds.keys(), ...meta],
    nameOf: schemaName,
    kindsOf: (message: Message) => kinds.get(message) ?? [],
  };
  const schemas = dialect === 'v2' ? openApiDefinitions(options) : openApiSchemas(options);
  for (const message of kinds.keys()) addTypeMeta(schemas[schemaName(message)]);
  for (const resource of resources) {
    if (resource.verbs.includes('list')) schemas[listSchemaName(resource)] = listSchema(resource, dialect);
  }
  return Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function kindsOf(resources: readonly Resource[]): Map<Message, GroupVersionKind[]> {
  const kinds = new Map<Message, GroupVersionKind[]>();
  const add = (message: Message, group: string, version: string): void => {
    const known = kinds.get(message) ?? [];
    if (known.some((one) => one.group === group && one.version === version)) return;
    kinds.set(message, [...known, { group, version, kind: message.name }]);
  };
  for (const { group, version, kind, subresources } of resources) {
    add(kind, group, version);
    for (const { kind: other } of Object.values(subresources ?? {})) {
      if (other) add(other.kind, other.group, other.version);
    }
  }
  return kinds;
}

const typeMeta: Record<string, OpenApiSchema> = {
  apiVersion: { description: 'The group and version of the object: "v1", "apps/v1".', type: 'string' },
  kind: { description: 'The kind of the object: "Pod".', type: 'string' },
};

/** What every object may say of itself, where its message leaves it unsaid. */
function addTypeMeta(schema: OpenApiSchema | undefined): void {
  if (!schema) return;
  const properties = { ...typeMeta, ...(schema['properties'] as object | undefined) };
  schema['properties'] = Object.fromEntries(
    Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function listSchema(resource: Resource, dialect: Dialect): OpenApiSchema {
  const prefix = prefixOf[dialect];
  const reference = (name: string): OpenApiSchema =>
    dialect === 'v2' ? { $ref: prefix + name } : { allOf: [{ $ref: prefix + name }], default: {} };
  const { group, version, listKind: kind } = resource;
  return {
    description: `A list of ${resource.kindName} objects.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: typeMeta['apiVersion'],
      items: { description: 'The objects.', type: 'array', items: reference(schemaName(resource.kind)) },
      kind: typeMeta['kind'],
      metadata: { description: 'How current and how complete the list is.', ...reference(schemaName(ListMeta)) },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}
