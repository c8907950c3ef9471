import type { Init } from '#wire';
import { Strings } from './gnostic-messages.ts';
import { any, encoded, extensions, listed, named, namedInTurns, type Part } from './gnostic-parts.ts';
import * as gnostic from './gnostic-v3-messages.ts';

/**
 * The bytes of an OpenAPI v3 document in protobuf, as gnostic reads it; `document` is the one that is served as JSON
 * (`kube-openapi/pkg/handler3`, `application/com.github.proto-openapi.spec.v3.v1.0+protobuf`).
 */
export async function encodeDocumentV3(document: object): Promise<Uint8Array> {
  const { openapi, info, paths, components, security } = document as Part;
  const { schemas, securitySchemes } = components as Part;
  return encoded(gnostic.Document, {
    openapi: openapi as string,
    info: info as Part,
    paths: { path: await namedInTurns(paths, (path) => encoded(gnostic.PathItem, pathItem(path))) },
    components: {
      schemas: { additionalProperties: await namedInTurns(schemas, schemaBytes) },
      securitySchemes: {
        additionalProperties: named(securitySchemes, (one) => itself(encoded(gnostic.SecurityScheme, one))),
      },
    },
    // Of a requirement the values are lists of scopes, and no parts as everywhere else.
    security: listed(security).map((one) => ({
      additionalProperties: named(one, (value) => encoded(Strings, { value: value as unknown as string[] })),
    })),
  });
}

/** Not a reference to it. */
function itself(value: Uint8Array): Uint8Array {
  return encoded(gnostic.OrReference, { value });
}

/** A schema, or a reference to one. */
function schemaBytes(schema: Part): Uint8Array {
  if ('$ref' in schema) return encoded(gnostic.OrReference, { reference: { $ref: schema['$ref'] as string } });
  const {
    type,
    items,
    properties,
    additionalProperties,
    allOf,
    oneOf,
    default: preset,
    enum: values,
    ...plain
  } = schema;
  return itself(
    encoded(gnostic.Schema, {
      ...plain,
      type: (type ?? '') as string,
      ...(items !== undefined && { items: { schemaOrReference: [schemaBytes(items as Part)] } }),
      ...(properties !== undefined && { properties: { additionalProperties: named(properties, schemaBytes) } }),
      ...(additionalProperties !== undefined && { additionalProperties: additional(additionalProperties) }),
      ...(preset !== undefined && { default: defaultOf(preset) }),
      enum: listed(values).map(any),
      allOf: listed(allOf).map(schemaBytes),
      oneOf: listed(oneOf).map(schemaBytes),
      specificationExtension: extensions(schema),
    }),
  );
}

function additional(value: unknown): Init<InstanceType<typeof gnostic.AdditionalPropertiesItem>> {
  return typeof value === 'boolean' ? { boolean: value } : { schemaOrReference: schemaBytes(value as Part) };
}

/** gnostic knows no other defaults, and writes of those that there is one. */
function defaultOf(value: unknown): Init<InstanceType<typeof gnostic.DefaultType>> {
  if (typeof value === 'number') return { number: value };
  if (typeof value === 'boolean') return { boolean: value };
  return typeof value === 'string' ? { string: value } : {};
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

function pathItem(path: Part): Init<InstanceType<typeof gnostic.PathItem>> {
  const operations = methods
    .filter((method) => method in path)
    .map((method) => [method, operation(path[method] as Part)]);
  return { ...Object.fromEntries(operations), parameters: listed(path['parameters']).map(parameterBytes) };
}

function operation({
  parameters,
  requestBody,
  responses,
  ...plain
}: Part): Init<InstanceType<typeof gnostic.Operation>> {
  return {
    ...plain,
    parameters: listed(parameters).map(parameterBytes),
    ...(requestBody !== undefined && { requestBody: requestBodyBytes(requestBody as Part) }),
    responses: { responseOrReference: named(responses, responseBytes) },
    specificationExtension: extensions(plain),
  };
}

function parameterBytes({ schema, ...plain }: Part): Uint8Array {
  return itself(encoded(gnostic.Parameter, { ...plain, schema: schemaBytes(schema as Part) }));
}

function requestBodyBytes({ content, required }: Part): Uint8Array {
  return itself(encoded(gnostic.RequestBody, { content: mediaTypes(content), required: required === true }));
}

function responseBytes({ description, content }: Part): Uint8Array {
  return itself(
    encoded(gnostic.Response, {
      description: description as string,
      ...(content !== undefined && { content: mediaTypes(content) }),
    }),
  );
}

function mediaTypes(content: unknown): { additionalProperties: ReturnType<typeof named> } {
  const bytesOf = ({ schema }: Part): Uint8Array => encoded(gnostic.MediaType, { schema: schemaBytes(schema as Part) });
  return { additionalProperties: named(content, bytesOf) };
}
