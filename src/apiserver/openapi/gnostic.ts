import { setImmediate } from 'node:timers/promises';
import { encode, type Init, type Message } from '#wire';
import * as gnostic from './gnostic-messages.ts';

/** Any part of the JSON document. */
type Part = Readonly<Record<string, unknown>>;
type Named = InstanceType<typeof gnostic.Named>;

/**
 * The bytes of an OpenAPI v2 document in protobuf, as gnostic reads it; `document` is the one that is served as JSON
 * (`kube-openapi/pkg/handler`, `application/com.github.proto-openapi.spec.v2@v1.0+protobuf`).
 */
export async function encodeDocumentV2(document: object): Promise<Uint8Array> {
  const { swagger, info, paths, definitions, security, securityDefinitions } = document as Part;
  return encoded(gnostic.Document, {
    swagger: swagger as string,
    info: info as Part,
    paths: { path: await namedInTurns(paths, (path) => encoded(gnostic.PathItem, pathItem(path))) },
    definitions: { additionalProperties: await namedInTurns(definitions, schemaBytes) },
    security: listed(security).map((one) => ({ additionalProperties: named(one, scopes) })),
    securityDefinitions: {
      additionalProperties: named(securityDefinitions, (one) =>
        encoded(gnostic.SecurityDefinitionsItem, { apiKeySecurity: one }),
      ),
    },
  });
}

/** `named` of many, which lets other requests in between: the whole takes some hundred milliseconds. */
async function namedInTurns(map: unknown, bytesOf: (value: Part) => Uint8Array): Promise<Named[]> {
  const all: Named[] = [];
  for (const [index, [name, value]] of Object.entries((map ?? {}) as Record<string, Part>).entries()) {
    if (index % 20 === 19) await setImmediate();
    all.push({ name, value: bytesOf(value) });
  }
  return all;
}

const scopes = (value: Part): Uint8Array => encoded(gnostic.Strings, { value: value as unknown as string[] });

function encoded<T>(message: Message<T>, value: Init<T>): Uint8Array {
  return encode(message, message.of(value));
}

/** A JSON object as the list of names and values that gnostic makes of maps. */
function named(map: unknown, bytesOf: (value: Part) => Uint8Array): Named[] {
  return Object.entries((map ?? {}) as Record<string, Part>).map(([name, value]) => ({ name, value: bytesOf(value) }));
}

function listed(value: unknown): readonly Part[] {
  return (value ?? []) as readonly Part[];
}

function extensions(part: Part): { name: string; value: { yaml: string } }[] {
  const own = Object.entries(part).filter(([name]) => name.startsWith('x-'));
  return own.map(([name, value]) => ({ name, value: any(value) }));
}

function any(value: unknown): { yaml: string } {
  return { yaml: JSON.stringify(value) };
}

function schemaBytes(schema: Part): Uint8Array {
  const { type, items, properties, additionalProperties, allOf, default: preset, enum: values, ...plain } = schema;
  return encoded(gnostic.Schema, {
    ...plain,
    ...(type !== undefined && { type: { value: [type as string] } }),
    ...(items !== undefined && { items: { schema: [schemaBytes(items as Part)] } }),
    ...(properties !== undefined && { properties: { additionalProperties: named(properties, schemaBytes) } }),
    ...(additionalProperties !== undefined && { additionalProperties: additional(additionalProperties) }),
    ...(preset !== undefined && { default: any(preset) }),
    enum: listed(values).map(any),
    allOf: listed(allOf).map(schemaBytes),
    vendorExtension: extensions(schema),
  });
}

function additional(value: unknown): Init<InstanceType<typeof gnostic.AdditionalPropertiesItem>> {
  return typeof value === 'boolean' ? { boolean: value } : { schema: schemaBytes(value as Part) };
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

function pathItem(path: Part): Init<InstanceType<typeof gnostic.PathItem>> {
  const operations = methods
    .filter((method) => method in path)
    .map((method) => [method, operation(path[method] as Part)]);
  return { ...Object.fromEntries(operations), parameters: listed(path['parameters']).map(parameter) };
}

function operation(value: Part): Init<InstanceType<typeof gnostic.Operation>> {
  return {
    ...value,
    parameters: listed(value['parameters']).map(parameter),
    responses: { responseCode: named(value['responses'], responseBytes) },
    vendorExtension: extensions(value),
  };
}

function parameter(value: Part): Init<InstanceType<typeof gnostic.ParametersItem>> {
  if (value['in'] === 'body')
    return { parameter: { body: { ...value, schema: schemaBytes(value['schema'] as Part) } } };
  return { parameter: { nonBody: value['in'] === 'path' ? { path: value } : { query: value } } };
}

function responseBytes({ description, schema }: Part): Uint8Array {
  return encoded(gnostic.ResponseValue, {
    response: {
      description: description as string,
      ...(schema !== undefined && { schema: { schema: schemaBytes(schema as Part) } }),
    },
  });
}
