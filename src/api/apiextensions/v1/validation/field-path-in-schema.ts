import type { JsonSchema } from '../json-schema-props.ts';
import { schemaPart } from './schema-walk.ts';

/** Where a path leads, and how it is written in full; or why it leads nowhere. */
export type FoundField =
  | { readonly path: string; readonly root: string; readonly schema?: JsonSchema }
  | { readonly problem: string };

interface Step {
  readonly schema: JsonSchema | undefined;
  readonly path: string;
  readonly root: string;
}

/** Follows `.spec.a['b']` through a schema (`pkg/apiserver/schema/cel/validation.go`, ValidFieldPath). */
export function fieldOfPath(
  text: string,
  schema: JsonSchema,
  { allowBrackets = true }: { allowBrackets?: boolean } = {},
): FoundField {
  const tokens = tokensOf(text);
  let step: Step = { schema, path: '', root: '' };
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (token === '[' && !allowBrackets) return { problem: 'array notation is not allowed' };
    if (token !== '[' && token !== '.') return { problem: `expected [ or . but got: ${token}` };
    const name = token === '[' ? bracketed(tokens) : (tokens.shift() ?? { problem: 'unexpected end of JSON path' });
    if (typeof name !== 'string') return name;
    const next = follow(step, name);
    if (!next) return { problem: 'does not refer to a valid field' };
    step = next;
  }
  const { schema: found, path, root } = step;
  return { path, root, ...(found && { schema: found }) };
}

function follow({ schema, path, root }: Step, name: string): Step | undefined {
  if (schema?.properties) {
    const next = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    return next && { schema: next, path: path === '' ? name : `${path}.${name}`, root: root || name };
  }
  if (schema?.additionalProperties === undefined) return undefined;
  return { schema: schemaPart(schema.additionalProperties), path: `${path}[${name}]`, root: root || `[${name}]` };
}

/** `'name']`, of which the bracket before is read. */
function bracketed(tokens: string[]): string | { problem: string } {
  const quoted = tokens.shift();
  const end = tokens.shift();
  if (quoted === undefined) return { problem: 'unexpected end of JSON path' };
  if (!/^'.*'$/s.test(quoted) || quoted.length < 2)
    return { problem: `expected single quoted string but got ${quoted}` };
  if (end === undefined) return { problem: 'unexpected end of JSON path' };
  if (end !== ']') return { problem: `expected ] but got ${end}` };
  return quoted.slice(1, -1).replace(/\\(['\\])/g, '$1');
}

function tokensOf(text: string): string[] {
  return text.match(/[.[\]]|'(?:[^'\\]|\\.)*'|[^.[\]']+/gs) ?? [];
}
