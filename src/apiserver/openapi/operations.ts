import type { OpenApiSchema, Resource } from '#machinery';
import { parametersOf, pretty, type Parameter } from './parameters.ts';
import { prefixOf, type Dialect } from './schemas.ts';

/** One method of one path. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `x-kubernetes-action`. */
  action: string;
  operationId: string;
  description: string;
  tag: string;
  gvk: { group: string; version: string; kind: string };
  /** Schema names; a body and an answer of none are not told. */
  body?: string | undefined;
  answer?: string | undefined;
}

const produced = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];
const streamed = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const patched = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The operation as the document of a dialect tells it. */
export function operationObject(operation: Operation, dialect: Dialect): OpenApiSchema {
  return dialect === 'v2' ? operationV2(operation) : operationV3(operation);
}

function common({ action, operationId, description, tag, gvk }: Operation): OpenApiSchema {
  return {
    description,
    operationId,
    tags: [tag],
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  };
}

function queryOf({ action }: Operation): readonly Parameter[] {
  return parametersOf[action] ?? [];
}

function operationV2(operation: Operation): OpenApiSchema {
  const { body, answer, method } = operation;
  const reference = (name: string): OpenApiSchema => ({ $ref: prefixOf.v2 + name });
  const bodyParameter = body
    ? [{ name: 'body', in: 'body', required: method !== 'delete', schema: reference(body) }]
    : [];
  return {
    ...common(operation),
    consumes: method === 'patch' ? patched : ['*/*'],
    produces: producedBy(operation),
    schemes: ['https'],
    parameters: [...bodyParameter, ...queryOf(operation).map((one) => ({ ...one, in: 'query', uniqueItems: true }))],
    responses: answers(operation, answer ? { schema: reference(answer) } : {}),
  };
}

function operationV3(operation: Operation): OpenApiSchema {
  const { body, answer, method } = operation;
  const content = (types: readonly string[], name: string): OpenApiSchema =>
    Object.fromEntries(types.map((type) => [type, { schema: { $ref: prefixOf.v3 + name } }]));
  const parameters = queryOf(operation).map(parameterV3);
  return {
    ...common(operation),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        content: content(method === 'patch' ? patched : ['*/*'], body),
        ...(method !== 'delete' && { required: true }),
      },
    }),
    responses: answers(operation, answer ? { content: content(producedBy(operation), answer) } : {}),
  };
}

function producedBy({ action }: Operation): string[] {
  return action === 'list' ? [...produced, ...streamed].sort() : produced;
}

function parameterV3({ name, type, description }: Parameter): OpenApiSchema {
  return { name, in: 'query', description, schema: { type, uniqueItems: true } };
}

function answers({ method, action }: Operation, content: OpenApiSchema): OpenApiSchema {
  const codes: [string, string][] = [['200', 'OK']];
  if (method === 'post' || method === 'put' || method === 'patch') codes.push(['201', 'Created']);
  if (method === 'post' || action === 'delete') codes.push(['202', 'Accepted']);
  const told = codes.map(([code, description]) => [code, { description, ...content }] as const);
  return { ...Object.fromEntries(told), '401': { description: 'Unauthorized' } };
}

/** The parameters of a path itself. */
export function pathParameters(path: string, { kindName }: Resource, dialect: Dialect): OpenApiSchema[] {
  const parameters: OpenApiSchema[] = [];
  const add = (name: string, description: string): void => {
    const facts = { name, in: 'path', required: true, description };
    parameters.push(
      dialect === 'v2'
        ? { ...facts, type: 'string', uniqueItems: true }
        : { ...facts, schema: { type: 'string', uniqueItems: true } },
    );
  };
  if (path.includes('{name}')) add('name', `The name of the ${kindName}.`);
  if (path.includes('{namespace}')) add('namespace', 'The namespace.');
  if (path.includes('{path}')) add('path', 'The path behind the proxy.');
  parameters.push(dialect === 'v2' ? { ...pretty, in: 'query', uniqueItems: true } : parameterV3(pretty));
  return parameters;
}
