import { FieldErrors, isEqualJson, type FieldPath } from '#machinery';
import type { JsonSchema } from '../json-schema-props.ts';
import { itemSchema, schemaPart } from './schema-walk.ts';
import { validateCompleteness } from './structural-completeness.ts';
import { validateJunctors } from './structural-junctors.ts';

export type Level = 'root' | 'item' | 'field';

const intOrString: readonly JsonSchema[] = [{ type: 'integer' }, { type: 'string' }];

/** The default is forbidden elsewhere, where the reason can be told. */
const rootMetadataFields = new Set(['type', 'default', 'properties']);

const missingType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/**
 * Whether every value that a schema judges has a place and a type in it, so that unknown fields can be told
 * (`pkg/apiserver/schema/validation.go`). The schema is one that `structuralProblem` has nothing against. The errors are
 * told in the order of their words, as upstream does.
 */
export function validateStructural(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  const found = new FieldErrors();
  validateInvariants(schema, found, path, 'root');
  validateCompleteness(schema, found, path);
  const told = found.list.map((error) => ({ error, text: `${error.field}: ${error.message}` }));
  errors.list.push(...told.toSorted((one, other) => (one.text < other.text ? -1 : 1)).map(({ error }) => error));
}

function validateInvariants(schema: JsonSchema, errors: FieldErrors, path: FieldPath, level: Level): void {
  const { type = '', properties = {}, additionalProperties } = schema;
  const items = itemSchema(schema.items);
  if (type === 'array' && !items) errors.required(path.child('items'), 'must be specified');
  if (items) validateInvariants(items, errors, path.child('items'), 'item');
  for (const [name, one] of Object.entries(properties)) {
    validateInvariants(one, errors, path.child('properties').key(name), 'field');
  }
  if (additionalProperties !== undefined && level === 'root') {
    errors.forbidden(path.child('additionalProperties'), 'must not be used at the root');
  }
  const others = schemaPart(additionalProperties);
  if (others) validateInvariants(others, errors, path.child('additionalProperties'), 'field');
  validateExtensions(schema, errors, path);
  validateJunctors(schema, errors, path, {
    skipAnyOf: isEqualJson(schema.anyOf, intOrString),
    skipFirstAllOfAnyOf: isEqualJson(schema.allOf?.[0]?.anyOf, intOrString),
  });
  validateType(schema, errors, path, level);
  validateObjectFields(schema, errors, path, level);
}

function validateExtensions(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  if (!schema['x-kubernetes-int-or-string']) return;
  for (const name of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const) {
    if (schema[name]) errors.invalid(path.child(name), true, 'must be false if x-kubernetes-int-or-string is true');
  }
}

function validateType(schema: JsonSchema, errors: FieldErrors, path: FieldPath, level: Level): void {
  const { type = '' } = schema;
  const isObjectWhole = schema['x-kubernetes-embedded-resource'] === true;
  const hasOther = schema['x-kubernetes-int-or-string'] ?? schema['x-kubernetes-preserve-unknown-fields'] ?? false;
  const place = path.child('type');
  if (isObjectWhole && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    if (type === '') errors.required(place, detail);
    else errors.invalid(place, type, detail);
  } else if (type === '' && !hasOther) errors.required(place, missingType[level]);
  if (level === 'root' && type !== '' && type !== 'object') errors.invalid(place, type, 'must be object at the root');
}

/** What an object has by being one. */
function validateObjectFields(schema: JsonSchema, errors: FieldErrors, path: FieldPath, level: Level): void {
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const { properties = {} } = schema;
  const isObject = level === 'root' || isEmbedded;
  if (isEmbedded && schema.additionalProperties !== undefined) {
    errors.forbidden(path.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set');
  }
  for (const name of ['kind', 'apiVersion']) {
    const own = properties[name];
    const place = path.child('properties').key(name).child('type');
    if (isObject && own && own.type !== 'string') errors.invalid(place, own.type ?? '', 'must be string');
  }
  const { metadata } = properties;
  const metadataPath = path.child('properties').key('metadata');
  if (metadata && isObject && metadata.type !== 'object') {
    errors.invalid(metadataPath.child('type'), metadata.type ?? '', 'must be object');
  }
  if (metadata && level === 'root') validateRootMetadata(metadata, errors, metadataPath);
  const needsProperties = isEmbedded && schema['x-kubernetes-preserve-unknown-fields'] !== true;
  if (needsProperties && Object.keys(properties).length === 0) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.required(path.child('properties'), why);
  }
}

/** Metadata is known; a schema may only narrow the names. */
function validateRootMetadata(metadata: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  const { properties = {} } = metadata;
  const isNarrowed = Object.keys(properties).every((name) => name === 'name' || name === 'generateName');
  if (isNarrowed && Object.keys(metadata).every((name) => rootMetadataFields.has(name))) return;
  errors.forbidden(
    path,
    'must not specify anything other than name and generateName, but metadata is implicitly specified',
  );
}
