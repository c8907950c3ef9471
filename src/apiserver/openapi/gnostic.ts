import type { Init } from '#wire';
import * as gnostic from './gnostic-messages.ts';
import { any, encoded, extensions, listed, named, namedInTurns, type Part } from './gnostic-parts.ts';

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

/** Of a requirement the values are lists of scopes, and no parts as everywhere else. */
const scopes = (value: Part): Uint8Array => encoded(gnostic.Strings, { value: value as unknown as string[] });

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
