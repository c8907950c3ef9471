import { compareText } from '#base';
import type { OpenApiSchema } from '#machinery';
import type { Parameter } from './parameters.ts';
import { prefixOf, type Dialect } from './schemas.ts';

/** One method of one path. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options' | 'head';
  /** `x-kubernetes-action`; none for what is not about a kind. */
  action?: string;
  operationId: string;
  description: string;
  tag: string;
  gvk?: { group: string; version: string; kind: string };
  /** What may stand in the query. */
  query: readonly Parameter[];
  /** The name of a schema. */
  body?: string | undefined;
  /** The name of a schema; undefined is text. */
  answer?: string | undefined;
  produces: readonly string[];
}

export const produced = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];
export const streamed = [
  'application/json',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf;stream=watch',
  'application/yaml',
];
const patched = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** A path with its operations. What all of them take is told once, of the path (`kube-openapi/pkg/builder`). */
export function pathObject(path: string, operations: readonly Operation[], dialect: Dialect): OpenApiSchema {
  const common = commonOf(operations);
  const told = operations.map((one) => {
    const query = one.query.filter((parameter) => !common.includes(parameter));
    return [one.method, operationObject({ ...one, query }, dialect)] as const;
  });
  const ofPath = [...pathParameters(path), ...common.map((one) => ({ ...one, in: 'query' as const }))];
  const sorted = ofPath.sort((a, b) => compareText(a.name, b.name) || compareText(a.in, b.in));
  return {
    ...Object.fromEntries(told),
    ...(sorted.length > 0 && { parameters: sorted.map((one) => parameterObject(one, dialect)) }),
  };
}

function commonOf([first, ...others]: readonly Operation[]): readonly Parameter[] {
  return (first?.query ?? []).filter((parameter) => others.every(({ query }) => query.includes(parameter)));
}

function operationObject(operation: Operation, dialect: Dialect): OpenApiSchema {
  const { action, operationId, description, tag, gvk } = operation;
  return {
    description,
    operationId,
    tags: [tag],
    ...(action !== undefined && { 'x-kubernetes-action': action }),
    ...(gvk && { 'x-kubernetes-group-version-kind': gvk }),
    ...(dialect === 'v2' ? operationV2(operation) : operationV3(operation)),
  };
}

function operationV2(operation: Operation): OpenApiSchema {
  const { body, answer, method, query, produces } = operation;
  const reference = (name: string): OpenApiSchema => ({ $ref: prefixOf.v2 + name });
  const bodyParameter = body
    ? [{ name: 'body', in: 'body', ...(method !== 'delete' && { required: true }), schema: reference(body) }]
    : [];
  const parameters = [...bodyParameter, ...query.map((one) => parameterObject({ ...one, in: 'query' }, 'v2'))];
  return {
    ...consumed(operation),
    produces,
    schemes: ['https'],
    ...(parameters.length > 0 && { parameters }),
    responses: answers(operation, { schema: answer ? reference(answer) : { type: 'string' } }),
  };
}

function operationV3(operation: Operation): OpenApiSchema {
  const { body, answer, method, query, produces } = operation;
  const content = (types: readonly string[], schema: OpenApiSchema): OpenApiSchema =>
    Object.fromEntries(types.map((type) => [type, { schema }]));
  const reference = (name: string): OpenApiSchema => ({ $ref: prefixOf.v3 + name });
  return {
    ...(query.length > 0 && { parameters: query.map((one) => parameterObject({ ...one, in: 'query' }, 'v3')) }),
    ...(body && {
      requestBody: {
        content: content(consumedBy(operation), reference(body)),
        ...(method !== 'delete' && { required: true }),
      },
    }),
    responses: answers(operation, { content: content(produces, answer ? reference(answer) : { type: 'string' }) }),
  };
}

/** What is about no kind reads what it writes, if that is more than text. */
function consumed(operation: Operation): OpenApiSchema {
  const { gvk, answer, produces } = operation;
  if (gvk) return { consumes: consumedBy(operation) };
  return answer === undefined ? {} : { consumes: produces };
}

function consumedBy({ method, action }: Operation): readonly string[] {
  return method === 'patch' && action === 'patch' ? patched : ['*/*'];
}

type Placed = Parameter & { readonly in: 'query' | 'path' };

function parameterObject({ name, type, description, in: place }: Placed, dialect: Dialect): OpenApiSchema {
  const facts = { name, in: place, description, ...(place === 'path' && { required: true }) };
  const schema = { type, uniqueItems: true };
  return dialect === 'v2' ? { ...facts, ...schema } : { ...facts, schema };
}

function answers({ action }: Operation, content: OpenApiSchema): OpenApiSchema {
  const codes: [string, string][] = [['200', 'OK']];
  if (action === 'post' || action === 'put' || action === 'patch') codes.push(['201', 'Created']);
  if (action === 'post' || action === 'delete') codes.push(['202', 'Accepted']);
  const told = codes.map(([code, description]) => [code, { description, ...content }] as const);
  return { ...Object.fromEntries(told), '401': { description: 'Unauthorized' } };
}

/** What stands in braces. */
function pathParameters(path: string): Placed[] {
  const known = { name: 'The name of the object.', namespace: 'The namespace.', path: 'The path behind the proxy.' };
  return Object.entries(known)
    .filter(([name]) => path.includes(`{${name}}`))
    .map(([name, description]) => ({ name, type: 'string', description, in: 'path' }));
}
