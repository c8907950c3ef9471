import type { FieldErrors, FieldPath } from '#machinery';
import type { JsonSchema } from '../json-schema-props.ts';
import { itemSchema, schemaPart } from './schema-walk.ts';

/** Where a value may be a number or a string, which types below junctors may say after all. */
interface Exceptions {
  readonly skipAnyOf?: boolean;
  readonly skipFirstAllOfAnyOf?: boolean;
}

/** What a schema may not say below `allOf` and its like, and with which words. */
const forbidden: readonly (readonly [keyof JsonSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** The schemas below `anyOf`, `allOf`, `oneOf` and `not` only judge values that are known without them. */
export function validateJunctors(
  schema: JsonSchema,
  errors: FieldErrors,
  path: FieldPath,
  { skipAnyOf = false, skipFirstAllOfAnyOf = false }: Exceptions = {},
): void {
  const { anyOf = [], allOf = [], oneOf = [], not } = schema;
  if (!skipAnyOf) for (const [at, one] of anyOf.entries()) validateNested(one, errors, path.child('anyOf').index(at));
  for (const [at, one] of allOf.entries()) {
    const exceptions = { skipAnyOf: skipFirstAllOfAnyOf && at === 0 };
    validateNested(one, errors, path.child('allOf').index(at), exceptions);
  }
  for (const [at, one] of oneOf.entries()) validateNested(one, errors, path.child('oneOf').index(at));
  if (not) validateNested(not, errors, path.child('not'));
}

function validateNested(schema: JsonSchema, errors: FieldErrors, path: FieldPath, exceptions: Exceptions = {}): void {
  validateJunctors(schema, errors, path, exceptions);
  const items = itemSchema(schema.items);
  if (items) validateNested(items, errors, path.child('items'));
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    validateNested(one, errors, path.child('properties').key(name));
  }
  for (const [name, words] of forbidden) {
    if (isSaid(schema, name)) errors.forbidden(path.child(name), words);
  }
  if (schema.properties?.['metadata']) {
    errors.forbidden(path.child('properties').key('metadata'), 'must not be specified in a nested context');
  }
}

function isSaid(schema: JsonSchema, name: keyof JsonSchema): boolean {
  // That there may not be any others is no rule of its own upstream.
  if (name === 'additionalProperties') {
    return schema.additionalProperties === true || schemaPart(schema.additionalProperties) !== undefined;
  }
  return schema[name] !== undefined && schema[name] !== null;
}
