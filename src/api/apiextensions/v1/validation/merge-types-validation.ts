import type { FieldErrors, FieldPath } from '#machinery';
import type { JsonSchema } from '../json-schema-props.ts';
import { itemSchema } from './schema-walk.ts';

const listType = 'x-kubernetes-list-type';
const mapType = 'x-kubernetes-map-type';
const listKeys = 'x-kubernetes-list-map-keys';

/** How lists and objects are merged has to suit what they are. */
export function validateMergeTypes(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  validateOwnType(schema, errors, path, { extension: mapType, type: 'object' });
  if (schema[mapType] !== undefined && !['atomic', 'granular'].includes(schema[mapType])) {
    errors.notSupported(path.child(mapType), schema[mapType], ['atomic', 'granular']);
  }
  validateOwnType(schema, errors, path, { extension: listType, type: 'array' });
  if (schema.type === 'array' && schema[listType] === 'set') validateSetItems(schema, errors, path.child('items'));
  if (schema[listType] !== undefined && !['atomic', 'set', 'map'].includes(schema[listType])) {
    errors.notSupported(path.child(listType), schema[listType], ['atomic', 'set', 'map']);
  }
}

function validateOwnType(
  schema: JsonSchema,
  errors: FieldErrors,
  path: FieldPath,
  { extension, type }: { extension: typeof listType | typeof mapType; type: string },
): void {
  if (schema[extension] === undefined || schema.type === type) return;
  const detail = `must be ${type} if ${extension} is specified`;
  if (schema.type === undefined) errors.required(path.child('type'), detail);
  else errors.invalid(path.child('type'), schema.type, detail);
}

/** The items of a set are compared as a whole. */
function validateSetItems(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  const items = itemSchema(schema.items);
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  if (items?.type === 'array' && items[listType] !== undefined && items[listType] !== 'atomic') {
    errors.invalid(path.child(listType), items[listType], detail);
  }
  if (items?.type === 'object' && items[mapType] !== 'atomic') {
    // Upstream shows the list type here, which is no more than nothing for most.
    errors.invalid(path.child(mapType), items[listType] ?? 'null', detail);
  }
}

/** The keys that tell the items of a list apart: properties that every item has. */
export function validateListKeys(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  const keys = schema[listKeys] ?? [];
  const type = schema[listType];
  if (keys.length > 0 && type !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    if (type === undefined) errors.required(path.child(listType), detail);
    else errors.invalid(path.child(listType), type, detail);
  }
  if (type === 'map') validateMapItems(schema, keys, errors, path);
  const items = itemSchema(schema.items);
  if (!items || (type !== 'map' && type !== 'set')) return;
  if (items.nullable) {
    errors.forbidden(
      path.child('items').child('nullable'),
      `cannot be nullable when x-kubernetes-list-type is ${type}`,
    );
  }
  if (type === 'map') for (const key of keys) validateKey(items, key, errors, path.child('items').child('properties'));
}

function validateMapItems(schema: JsonSchema, keys: readonly string[], errors: FieldErrors, path: FieldPath): void {
  if (keys.length === 0) {
    errors.required(path.child(listKeys), 'must not be empty if x-kubernetes-list-type is map');
  }
  const place = path.child('items');
  const items = itemSchema(schema.items);
  if (!schema.items) return errors.required(place, 'must have a schema if x-kubernetes-list-type is map');
  if (!items) return errors.invalidAsWhole(place, 'must only have a single schema if x-kubernetes-list-type is map');
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    return errors.invalid(place.child('type'), items.type ?? '', detail);
  }
  for (const [at, key] of keys.entries()) {
    const property = items.properties?.[key];
    if (!property) errors.invalid(path.child(listKeys), keys, 'entries must all be names of item properties');
    else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.invalid(place.child('properties').key(key).child('type'), items.type, detail);
    }
    if (keys.indexOf(key) < at) errors.invalid(path.child(listKeys), keys, 'must not contain duplicate entries');
  }
}

function validateKey(items: JsonSchema, key: string, errors: FieldErrors, path: FieldPath): void {
  const property = items.properties?.[key];
  if (!property) return;
  const reason = 'this property is in x-kubernetes-list-map-keys, so it';
  const place = path.key(key);
  if (items.required?.includes(key) !== true && property.default === undefined) {
    errors.required(place.child('default'), `${reason} must have a default or be a required property`);
  }
  if (property.nullable) errors.forbidden(place.child('nullable'), `${reason} cannot be nullable`);
}
