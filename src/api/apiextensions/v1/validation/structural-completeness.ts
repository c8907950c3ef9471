import type { FieldErrors, FieldPath } from '#machinery';
import type { JsonSchema } from '../json-schema-props.ts';
import { itemSchema } from './schema-walk.ts';

/** What is judged: the schema of the value itself, and where that stands. */
interface Place {
  readonly schema: JsonSchema | undefined;
  readonly path: FieldPath;
}

/** Whatever is judged below a junctor has a schema outside of it too (`pkg/apiserver/schema/complete.go`). */
export function validateCompleteness(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  checkJunctors(schema, { schema, path }, errors, path);
}

function checkJunctors(judging: JsonSchema, judged: Place, errors: FieldErrors, path: FieldPath): void {
  if (judging.not) checkNested(judging.not, judged, errors, path.child('not'));
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
    const schemas = judging[name] ?? [];
    for (const [at, one] of schemas.entries()) checkNested(one, judged, errors, path.child(name).index(at));
  }
}

function checkNested(judging: JsonSchema, judged: Place, errors: FieldErrors, path: FieldPath): void {
  const { schema } = judged;
  if (!schema) return errors.required(judged.path, `because it is defined in ${path.toString()}`);
  checkJunctors(judging, judged, errors, path);
  const items = itemSchema(judging.items);
  if (items) {
    const place = { schema: itemSchema(schema.items), path: judged.path.child('items') };
    checkNested(items, place, errors, path.child('items'));
  }
  for (const [name, one] of Object.entries(judging.properties ?? {})) {
    const place = { schema: schema.properties?.[name], path: judged.path.child('properties').key(name) };
    checkNested(one, place, errors, path.child('properties').key(name));
  }
}
