import type { JsonSchema } from '../json-schema-props.ts';
import { childrenOf } from './schema-walk.ts';

/** The fields that keep a schema from being structural at all. */
const unsupported = [
  ['id', 'id'],
  ['$schema', 'schema'],
  ['$ref', '$ref'],
  ['patternProperties', 'patternProperties'],
  ['dependencies', 'dependencies'],
  ['additionalItems', 'additionalItems'],
  ['definitions', 'definitions'],
] as const;

/** Why a schema cannot be read as a structural one (`pkg/apiserver/schema/convert.go`); undefined if it can. */
export function structuralProblem(schema: JsonSchema): string | undefined {
  const name = unsupported.find(([field]) => schema[field] !== undefined && schema[field] !== '')?.[1];
  if (name !== undefined) return `OpenAPIV3Schema '${name}' is not supported`;
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  }
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const child of childrenOf(schema)) {
    const problem = structuralProblem(child);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
