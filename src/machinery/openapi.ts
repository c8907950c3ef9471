import { isObject } from './json.ts';
import type { Either, FieldData, Message, Type, Union } from './schema/types.ts';

/** A schema of OpenAPI, v2 or v3. */
export type OpenApiSchema = { [key: string]: unknown };

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface OpenApiOptions {
  /** Where to begin; everything that these reach is told too. */
  readonly messages: Iterable<Message>;
  /** The name of a message's schema: `io.k8s.api.core.v1.Pod`. */
  readonly nameOf: (message: Message) => string;
  /** What is told as `x-kubernetes-group-version-kind`, by which clients find the schema of an object. */
  readonly kindsOf?: (message: Message) => readonly GroupVersionKind[];
  /** Values to tell of a field, by `Message.field`, where they are not those that the schema checks; none for an empty list. */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
}

/** The schemas of OpenAPI v3 (`components.schemas`), by name. */
export function openApiSchemas(options: OpenApiOptions): Record<string, OpenApiSchema> {
  return new Builder(options, v3).build();
}

/** The definitions of OpenAPI v2, by name. They carry no defaults, as upstream's do not. */
export function openApiDefinitions(options: OpenApiOptions): Record<string, OpenApiSchema> {
  return new Builder(options, v2).build();
}

/** How a version of OpenAPI says things. */
interface Dialect {
  readonly prefix: string;
  readonly hasDefaults: boolean;
  /** A reference that has a description or default beside it. */
  readonly reference: (ref: string) => OpenApiSchema;
  readonly quantity: OpenApiSchema;
  readonly intOrString: OpenApiSchema;
}

const v2: Dialect = {
  prefix: '#/definitions/',
  hasDefaults: false,
  reference: (ref) => ({ $ref: ref }),
  quantity: { type: 'string' },
  intOrString: { type: 'string', format: 'int-or-string' },
};

const v3: Dialect = {
  prefix: '#/components/schemas/',
  hasDefaults: true,
  reference: (ref) => ({ allOf: [{ $ref: ref }] }),
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
};

const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** The types that are scalars here, but have schemas of their own upstream. */
const named: Readonly<Record<string, { name: string; schema: (dialect: Dialect) => OpenApiSchema }>> = {
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    schema: ({ quantity }) => ({ description: 'An amount of a resource: "100m", "1.5Gi", "12e6".', ...quantity }),
  },
  intOrString: {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    schema: ({ intOrString }) => ({
      description: 'A number, or a string such as a port name or "25%".',
      ...intOrString,
    }),
  },
  time: {
    name: `${metaV1}.Time`,
    schema: () => ({ description: 'A time in RFC 3339, whole seconds.', type: 'string', format: 'date-time' }),
  },
  microTime: {
    name: `${metaV1}.MicroTime`,
    schema: () => ({ description: 'A time in RFC 3339, with microseconds.', type: 'string', format: 'date-time' }),
  },
  duration: {
    name: `${metaV1}.Duration`,
    schema: () => ({ description: 'A span of time: "1h30m".', type: 'string' }),
  },
  rawExtension: {
    name: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
    schema: () => ({ description: 'Any object.', type: 'object' }),
  },
  fieldsV1: {
    name: `${metaV1}.FieldsV1`,
    schema: () => ({ description: 'A set of fields, as server-side apply keeps it.', type: 'object' }),
  },
  json: {
    name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON',
    schema: () => ({ description: 'Any JSON value.' }),
  },
};

class Builder {
  readonly #options: OpenApiOptions;
  readonly #dialect: Dialect;
  readonly #schemas = new Map<string, OpenApiSchema>();
  readonly #waiting: Message[];
  readonly #seen: Set<Message>;

  constructor(options: OpenApiOptions, dialect: Dialect) {
    this.#options = options;
    this.#dialect = dialect;
    this.#seen = new Set(options.messages);
    this.#waiting = [...this.#seen];
  }

  build(): Record<string, OpenApiSchema> {
    for (let message = this.#waiting.pop(); message; message = this.#waiting.pop()) {
      this.#schemas.set(this.#options.nameOf(message), this.#message(message));
    }
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #message(message: Message): OpenApiSchema {
    const fields = Object.entries(message.fields);
    const required = fields.filter(([, field]) => field.required === true).map(([name]) => name);
    const kinds = this.#options.kindsOf?.(message) ?? [];
    return {
      description: message.doc,
      type: 'object',
      ...(required.length > 0 && { required: required.sort() }),
      ...(fields.length > 0 && {
        properties: Object.fromEntries(
          fields.map(([name, field]) => [name, this.#told(`${message.name}.${name}`, field)]),
        ),
      }),
      ...(kinds.length > 0 && {
        'x-kubernetes-group-version-kind': kinds.map(({ group, version, kind }) => ({ group, version, kind })),
      }),
      ...(message.mapType && { 'x-kubernetes-map-type': message.mapType }),
      ...(message.unions && { 'x-kubernetes-unions': message.unions.map(unionOf) }),
    };
  }

  #told(name: string, field: FieldData): OpenApiSchema {
    const schema = this.#field(field);
    const values = this.#options.enums?.[name];
    return values ? withEnum(schema, values) : schema;
  }

  #field(field: FieldData): OpenApiSchema {
    const { doc, type, patchMergeKey, patchStrategy } = field;
    return {
      description: doc,
      ...this.#default(field),
      ...withoutListType(this.#type(type), field.wrapped === true || field.isListTypeUntold === true),
      ...(patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': patchMergeKey }),
      ...(patchStrategy && { 'x-kubernetes-patch-strategy': patchStrategy.join(',') }),
    };
  }

  /** The schema's own default, or Go's zero value for what Go holds by value and always writes. */
  #default(field: FieldData): OpenApiSchema {
    if (!this.#dialect.hasDefaults) return {};
    if (field.default !== undefined) return { default: field.default };
    if (field.pointer === true) return {};
    if (field.type.kind === 'message') return { default: {} };
    return (field.emitEmpty ?? field.required) === true ? zeroDefault(field.type) : {};
  }

  #type(type: Type): OpenApiSchema {
    switch (type.kind) {
      case 'message':
        return {
          ...this.#messageReference(type.message()),
          ...(type.structType && { 'x-kubernetes-map-type': type.structType }),
        };
      case 'list':
        return {
          type: 'array',
          items: this.#element(type.items),
          ...(type.keys && { 'x-kubernetes-list-map-keys': type.keys }),
          'x-kubernetes-list-type': type.listType,
        };
      case 'map':
        return {
          type: 'object',
          additionalProperties: this.#element(type.values),
          ...(type.mapType === 'atomic' && { 'x-kubernetes-map-type': 'atomic' }),
        };
      case 'either':
        return this.#eitherReference(type);
      case 'raw':
        return this.#namedReference(type.format);
      default:
        return named[type.kind] ? this.#namedReference(type.kind) : scalar(type);
    }
  }

  /** List items and map values; a reference may stand alone where it has no default beside it. */
  #element(type: Type): OpenApiSchema {
    // A list in a list or map has a type of its own in Go, which says nothing of how it is merged.
    const told = withoutListType(this.#type(type), type.kind === 'list');
    if (!this.#dialect.hasDefaults) return told;
    const zero = type.kind === 'message' ? { default: {} } : zeroDefault(type);
    return Object.keys(zero).length === 0 ? alone(told) : { ...zero, ...told };
  }

  #messageReference(message: Message): OpenApiSchema {
    if (!this.#seen.has(message)) {
      this.#seen.add(message);
      this.#waiting.push(message);
    }
    return this.#dialect.reference(this.#dialect.prefix + this.#options.nameOf(message));
  }

  /** OpenAPI does not tell what it may be, and so not what it may contain. */
  #eitherReference({ message, name, doc }: Either): OpenApiSchema {
    const fullName = this.#options.nameOf(message()).replace(/[^.]+$/, name);
    this.#schemas.set(fullName, { description: doc });
    return this.#dialect.reference(this.#dialect.prefix + fullName);
  }

  #namedReference(key: string): OpenApiSchema {
    const one = named[key];
    if (!one) return {};
    this.#schemas.set(one.name, one.schema(this.#dialect));
    return this.#dialect.reference(this.#dialect.prefix + one.name);
  }
}

/** The same, with these values for the strings in it. */
function withEnum(schema: OpenApiSchema, values: readonly string[]): OpenApiSchema {
  for (const part of ['items', 'additionalProperties']) {
    const inner = schema[part];
    if (isObject(inner)) return { ...schema, [part]: withEnum(inner, values) };
  }
  const { enum: _, ...rest } = schema;
  return values.length > 0 ? { ...rest, enum: values } : rest;
}

/** A reference that nothing stands beside. */
function alone(schema: OpenApiSchema): OpenApiSchema {
  const { allOf } = schema;
  const [only]: unknown[] = Array.isArray(allOf) ? allOf : [];
  return Object.keys(schema).length === 1 && isObject(only) ? only : schema;
}

function withoutListType(schema: OpenApiSchema, isUntold: boolean): OpenApiSchema {
  if (!isUntold) return schema;
  const { 'x-kubernetes-list-type': _, ...rest } = schema;
  return rest;
}

/** The value that tells a field is its name with a capital (`+unionMember`). */
function unionOf({ discriminator, fields }: Union): OpenApiSchema {
  const named = fields.map((name) => [name, name.charAt(0).toUpperCase() + name.slice(1)] as const);
  return {
    ...(discriminator !== undefined && { discriminator }),
    'fields-to-discriminateBy': Object.fromEntries(named),
  };
}

function zeroDefault({ kind }: Type): OpenApiSchema {
  switch (kind) {
    case 'string':
      return { default: '' };
    case 'bool':
      return { default: false };
    case 'int32':
    case 'int64':
    case 'double':
      return { default: 0 };
    default:
      return {};
  }
}

function scalar(type: Type): OpenApiSchema {
  switch (type.kind) {
    case 'bool':
      return { type: 'boolean' };
    case 'int32':
    case 'int64':
      return { type: 'integer', format: type.kind };
    case 'double':
      return { type: 'number', format: 'double' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'string':
      return { type: 'string', ...(type.enum && { enum: type.enum.toSorted() }) };
    default:
      return {};
  }
}
