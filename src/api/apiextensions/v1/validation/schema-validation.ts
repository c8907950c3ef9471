import type { FieldErrors, FieldPath } from '#machinery';
import type { JsonSchema } from '../json-schema-props.ts';
import { validateListKeys, validateMergeTypes } from './merge-types-validation.ts';
import { itemSchema, schemaPart } from './schema-walk.ts';
import { validateRules } from './rules-validation.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const metaFields = new Set(['metadata', 'kind', 'apiVersion']);

const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const;

/** Where in an object a schema stands. */
interface Surroundings {
  readonly isRoot: boolean;
  readonly isInMeta: boolean;
  /** Why there may be no defaults; undefined where there may. */
  readonly noDefaults?: string;
}

export const atRoot: Surroundings = { isRoot: true, isInMeta: false };

/** What a schema may say, all the way down (`ValidateCustomResourceDefinitionOpenAPISchema` upstream). */
export function validateSchema(schema: JsonSchema, errors: FieldErrors, path: FieldPath, around: Surroundings): void {
  validateFieldsOf(schema, errors, path, around);
  if (schema.uniqueItems) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.forbidden(path.child('uniqueItems'), why);
  }
  const inner = { ...around, isRoot: false };
  validateProperties(schema, errors, path, around);
  validateJunctorSchemas(schema, errors, path, inner);
  if (Array.isArray(schema.items)) {
    for (const [at, one] of schema.items.entries()) validateSchema(one, errors, path.child('items').index(at), inner);
  } else if (schema.items) validateSchema(schema.items, errors, path.child('items'), inner);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.invalid(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined');
  }
  validateMergeTypes(schema, errors, path);
  validateListKeys(schema, errors, path);
  validateRules(schema, errors, path);
}

function validateFieldsOf(schema: JsonSchema, errors: FieldErrors, path: FieldPath, around: Surroundings): void {
  const { type = '' } = schema;
  if (type !== '' && !types.includes(type)) errors.notSupported(path.child('type'), type, types);
  if (schema.default !== undefined && around.noDefaults !== undefined) {
    errors.forbidden(path.child('default'), `must not be set ${around.noDefaults}`);
  }
  for (const name of unsupported) {
    if (schema[name] !== undefined) errors.forbidden(path.child(name), `${name} is not supported`);
  }
  if (type === 'null') {
    errors.forbidden(path.child('type'), 'type cannot be set to null, use nullable as an alternative');
  }
  if (Array.isArray(schema.items)) {
    errors.forbidden(path.child('items'), 'items must be a schema object and not an array');
  }
  if (around.isInMeta && schema['x-kubernetes-embedded-resource']) {
    errors.forbidden(path.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta');
  }
}

function validateProperties(schema: JsonSchema, errors: FieldErrors, path: FieldPath, around: Surroundings): void {
  const { properties = {}, additionalProperties } = schema;
  const place = path.child('additionalProperties');
  const hasProperties = Object.keys(properties).length > 0;
  if (hasProperties && additionalProperties !== undefined && additionalProperties !== true) {
    errors.forbidden(place, 'additionalProperties and properties are mutual exclusive');
  }
  const others = schemaPart(additionalProperties);
  if (others) {
    const noDefaults = around.isInMeta ? 'inside additionalProperties applying to object metadata' : around.noDefaults;
    validateSchema(others, errors, place, surroundings(around, { noDefaults }));
  }
  const isObject = around.isRoot || schema['x-kubernetes-embedded-resource'] === true;
  for (const [name, one] of Object.entries(properties)) {
    const isMeta = isObject && metaFields.has(name);
    const noDefaults = isMeta && around.isRoot ? `in top-level ${name}` : around.noDefaults;
    const inner = surroundings(around, { noDefaults, isInMeta: around.isInMeta || isMeta });
    validateSchema(one, errors, path.child('properties').key(name), inner);
  }
}

function surroundings(
  around: Surroundings,
  { noDefaults, isInMeta = around.isInMeta }: { noDefaults: string | undefined; isInMeta?: boolean },
): Surroundings {
  return { isRoot: false, isInMeta, ...(noDefaults !== undefined && { noDefaults }) };
}

function validateJunctorSchemas(schema: JsonSchema, errors: FieldErrors, path: FieldPath, inner: Surroundings): void {
  if (schema.not) validateSchema(schema.not, errors, path.child('not'), inner);
  for (const name of ['allOf', 'oneOf', 'anyOf'] as const) {
    const schemas = schema[name] ?? [];
    for (const [at, one] of schemas.entries()) validateSchema(one, errors, path.child(name).index(at), inner);
  }
  for (const name of ['definitions', 'dependencies'] as const) {
    for (const [key, one] of Object.entries(schema[name] ?? {})) {
      const single = Array.isArray(one) ? undefined : itemSchema(one);
      if (single) validateSchema(single, errors, path.child(name).key(key), inner);
    }
  }
}
