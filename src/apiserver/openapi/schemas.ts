import { allResources, listOf, packages } from '#api';
import {
  openApiDefinitions,
  openApiSchemas,
  type GroupVersionKind,
  type Message,
  type OpenApiSchema,
  type Resource,
} from '#machinery';
import { toldEnums } from './told-enums.ts';
import { Info } from './version-info.ts';

export type Dialect = 'v2' | 'v3';

const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Where schemas refer to each other. */
export const prefixOf: Record<Dialect, string> = { v2: '#/definitions/', v3: '#/components/schemas/' };

const packageOf = new Map<Message, string>();
packageOf.set(Info, 'io.k8s.apimachinery.pkg.version');
for (const { name, messages } of packages) for (const message of messages) packageOf.set(message, name);

/** `io.k8s.api.core.v1.Pod`; for lists `io.k8s.api.core.v1.PodList`. */
export function schemaName(message: Message): string {
  return `${packageOf.get(message) ?? metaPackage}.${message.name}`;
}

export function listSchemaName({ kind }: Resource): string {
  return schemaName(listOf(kind));
}

/** What stands in another document says what it is as well. */
const everywhere = kindsOf(allResources);

interface SchemaOptions {
  readonly dialect: Dialect;
  /** Whether something refers to the schema of this message. */
  readonly isMeant: (message: Message) => boolean;
}

/**
 * The schemas of these resources: their kinds, the kinds of their subresources, their lists, and all that those reach; and
 * of what has no resource, with the kinds that it is.
 */
export function schemasOf(
  resources: readonly Resource[],
  others: ReadonlyMap<Message, GroupVersionKind[]>,
  { dialect, isMeant }: SchemaOptions,
): Record<string, OpenApiSchema> {
  const ofResources = kindsOf(resources);
  const kinds = new Map([...ofResources, ...others].filter(([one]) => isMeant(one)));
  const options = {
    messages: kinds.keys(),
    nameOf: schemaName,
    enums: toldEnums,
    kindsOf: (one: Message) => kinds.get(one) ?? others.get(one) ?? everywhere.get(one) ?? [],
  };
  const schemas = dialect === 'v2' ? openApiDefinitions(options) : openApiSchemas(options);
  for (const one of kinds.keys()) if (ofResources.has(one)) addTypeMeta(schemas[schemaName(one)]);
  return schemas;
}

function kindsOf(resources: readonly Resource[]): Map<Message, GroupVersionKind[]> {
  const kinds = new Map<Message, GroupVersionKind[]>();
  const add = (message: Message, group: string, version: string): void => {
    const known = kinds.get(message) ?? [];
    if (known.some((one) => one.group === group && one.version === version)) return;
    kinds.set(message, [...known, { group, version, kind: message.name }]);
  };
  for (const { group, version, kind, subresources, verbs } of resources) {
    add(kind, group, version);
    if (verbs.includes('list')) add(listOf(kind), group, version);
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
