import { allResources } from '#api';
import { isObject, type Message, type Resource, type Type } from '#machinery';

/** A field somewhere in a kind: how to make an object that has nothing but it. */
export interface SchemaPath {
  resource: Resource;
  /** As validation would name it, `spec.containers[0].name`. */
  at: string;
  type: Type;
  /** The kind's object with this value at the field. */
  with(value: unknown): Record<string, unknown>;
}

type Wrap = (value: unknown) => unknown;

/** Every field of every message type of the API, each once, in the first kind that has it. */
export function schemaPaths(): SchemaPath[] {
  const seen = new Set<Message>();
  return allResources
    .filter(({ verbs }) => verbs.includes('create'))
    .flatMap((resource) => [...pathsOf(resource, resource.kind, '', (value) => value, seen)]);
}

function* pathsOf(
  resource: Resource,
  message: Message,
  at: string,
  wrap: Wrap,
  seen: Set<Message>,
): Generator<SchemaPath> {
  if (seen.has(message)) return;
  seen.add(message);
  for (const [name, { type }] of Object.entries(message.fields)) {
    const path = at === '' ? name : `${at}.${name}`;
    const inner: Wrap = (value) => wrap({ [name]: value });
    yield { resource, at: path, type, with: (value) => named(resource, inner(value)) };
    yield* below(resource, type, path, inner, seen);
  }
}

function* below(resource: Resource, type: Type, at: string, wrap: Wrap, seen: Set<Message>): Generator<SchemaPath> {
  if (type.kind === 'message') yield* pathsOf(resource, type.message(), at, wrap, seen);
  else if (type.kind === 'either') yield* pathsOf(resource, type.message(), at, wrap, seen);
  else if (type.kind === 'list') yield* below(resource, type.items, `${at}[0]`, (value) => wrap([value]), seen);
  else if (type.kind === 'map')
    yield* below(resource, type.values, `${at}[key]`, (value) => wrap({ key: value }), seen);
}

function named({ apiVersion, kindName }: Resource, value: unknown): Record<string, unknown> {
  const object = isObject(value) ? value : {};
  const metadata = object['metadata'] ?? {};
  return {
    apiVersion,
    kind: kindName,
    ...object,
    metadata: isObject(metadata) ? { name: 'fuzz', ...metadata } : metadata,
  };
}

/** Where objects of a resource are created. */
export function collectionPath({ group, version, plural, namespaced }: Resource, namespace = 'default'): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}`;
}

/** JSON values that no value of the type can be written as, as Go's decoder sees it. */
export function wrongValuesFor(type: Type): unknown[] {
  switch (type.kind) {
    case 'string':
      return [1, true, {}, []];
    case 'bool':
      return ['true', 1, {}, []];
    case 'int32':
    case 'int64':
      return ['1', 1.5, true, {}, [], 1e30];
    case 'double':
      return ['1', true, {}, []];
    case 'bytes':
      return ['%%%', 1, {}];
    case 'quantity':
      return ['not a quantity', {}, []];
    case 'intOrString':
      return [true, {}, [], 1.5];
    case 'time':
    case 'microTime':
    case 'duration':
      return ['yesterday', 1, {}, []];
    case 'message':
    case 'map':
      return ['text', 1, true, []];
    case 'list':
      return ['text', 1, true, {}];
    case 'raw':
    case 'either':
      return [];
  }
}
