import { isObject } from '../json.ts';
import type { Step } from './field-set-node.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import type { FieldData, Message, Type } from '../schema/types.ts';

/**
 * What server-side apply sees of a type: which values it may have, and for each kind of container whether it is taken as
 * one value (atomic) or item by item. Upstream derives the same from OpenAPI (`kube-openapi/pkg/schemaconv`).
 */
export interface Shape {
  scalar?: 'string' | 'numeric' | 'boolean' | 'untyped';
  list?: ListShape;
  map?: MapShape;
}

export interface ListShape {
  readonly isAtomic: boolean;
  /** What tells the items of a list apart, by name; none for a set of scalars. */
  readonly keys: readonly ListKey[];
  readonly items: Shape;
}

export interface ListKey {
  readonly name: string;
  /** What an item means that does not say it. */
  readonly default?: unknown;
}

/** A struct has fields, a map has values; what is declared nowhere may not be there. */
export interface MapShape {
  readonly isAtomic: boolean;
  readonly fields: ReadonlyMap<string, FieldShape>;
  readonly values?: Shape;
  /** How the members of the last map of this shape were walked through (`Walk`). */
  readonly walked: Walked[];
}

export interface FieldShape {
  readonly shape: Shape;
  /** Made once: paths are put together at every write. */
  readonly element: PathElement;
}

/** A member on a walk, and the step that it was. */
export interface Walked {
  readonly name: string;
  readonly field: FieldShape;
  readonly step: Step;
}

const noFields: ReadonlyMap<string, FieldShape> = new Map();
const mapShape = (shape: Omit<MapShape, 'walked'>): MapShape => ({ ...shape, walked: [] });
const scalar = (kind: NonNullable<Shape['scalar']>): Shape => ({ scalar: kind });
const stringShape = scalar('string');
const untypedShape = scalar('untyped');

/** Any value, taken whole (RawExtension). */
const atomicShape: Shape = { scalar: 'untyped' };
atomicShape.list = { isAtomic: true, keys: [], items: atomicShape };
atomicShape.map = mapShape({ isAtomic: true, fields: noFields, values: atomicShape });

/** Any value: its maps are taken apart, its lists are not. This is also how an object of unknown type is seen. */
export const deducedShape: Shape = { scalar: 'untyped' };
deducedShape.list = { isAtomic: true, keys: [], items: atomicShape };
deducedShape.map = mapShape({ isAtomic: false, fields: noFields, values: deducedShape });

/** A map of anything (FieldsV1). */
const deducedMap: Shape = { map: mapShape({ isAtomic: false, fields: noFields, values: deducedShape }) };

const shapes = new WeakMap<Message, Shape>();
const roots = new WeakMap<Message, Shape>();

/** The shape of an object of this type, which says what it is even where its message does not list that. */
export function shapeOf(message: Message): Shape {
  let root = roots.get(message);
  if (!root) {
    const { map } = messageShape(message);
    const typeMeta = ['apiVersion', 'kind'].map((name) => [name, fieldShape(name, stringShape)] as const);
    const fields = new Map([...typeMeta, ...(map?.fields ?? noFields)]);
    roots.set(message, (root = { map: mapShape({ isAtomic: map?.isAtomic ?? false, fields }) }));
  }
  return root;
}

function fieldShape(name: string, shape: Shape): FieldShape {
  return { shape, element: fieldElement(name) };
}

function messageShape(message: Message): Shape {
  const known = shapes.get(message);
  if (known) return known;
  const fields = new Map<string, FieldShape>();
  const shape: Shape = { map: mapShape({ isAtomic: message.mapType === 'atomic', fields }) };
  // Known before its fields are: a message may contain itself.
  shapes.set(message, shape);
  for (const [name, field] of Object.entries(message.fields)) {
    fields.set(name, fieldShape(name, shapeOfType(field.type)));
  }
  return shape;
}

function shapeOfType(type: Type): Shape {
  switch (type.kind) {
    case 'message':
      return structShape(type);
    case 'list': {
      const isAtomic = type.listType === 'atomic';
      return { list: { isAtomic, keys: listKeys(type), items: shapeOfType(type.items) } };
    }
    case 'map':
      return {
        map: mapShape({ isAtomic: type.mapType === 'atomic', fields: noFields, values: shapeOfType(type.values) }),
      };
    case 'raw':
      return rawShapes[type.format];
    default:
      return scalarShape(type.kind);
  }
}

const rawShapes = { rawExtension: atomicShape, fieldsV1: deducedMap, json: deducedShape };

/** A field may take its struct apart, or whole, where the type itself says otherwise (`+structType`). */
function structShape({ message, structType }: Extract<Type, { kind: 'message' }>): Shape {
  const shape = messageShape(message());
  if (!structType || !shape.map) return shape;
  return { map: mapShape({ ...shape.map, isAtomic: structType === 'atomic' }) };
}

function scalarShape(kind: Type['kind']): Shape {
  switch (kind) {
    case 'string':
    case 'bytes':
    case 'duration':
      return stringShape;
    case 'bool':
      return scalar('boolean');
    case 'int32':
    case 'int64':
    case 'double':
      return scalar('numeric');
    // Without a type in OpenAPI.
    case 'either':
    case 'intOrString':
      return deducedShape;
    default:
      return untypedShape;
  }
}

function listKeys({ keys = [], items }: Extract<Type, { kind: 'list' }>): readonly ListKey[] {
  if (items.kind !== 'message') return [];
  const { fields } = items.message();
  return [...keys].sort().map((name) => {
    const value = keyDefault(fields[name]);
    return value === undefined ? { name } : { name, default: value };
  });
}

/** The default that OpenAPI tells: the schema's own, or Go's zero value of what is always written. */
function keyDefault(field: FieldData | undefined): unknown {
  if (!field || field.default !== undefined) return field?.default;
  if (field.required !== true || field.pointer === true) return undefined;
  switch (field.type.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
      return 0;
    default:
      return undefined;
  }
}

export type ValueKind = 'scalar' | 'list' | 'map';

/** As which of its kinds a value is taken: what it looks like, or else the first that its type may be. */
export function kindOf(shape: Shape, value: unknown): ValueKind | undefined {
  if (value !== undefined && value !== null) {
    if (typeof value !== 'object') {
      if (shape.scalar) return 'scalar';
    } else if (Array.isArray(value)) {
      if (shape.list) return 'list';
    } else if (shape.map) return 'map';
  }
  if (shape.map) return 'map';
  if (shape.scalar) return 'scalar';
  return shape.list && 'list';
}

/** The shape of a member of a struct or map. */
export function memberShape(map: MapShape, name: string): Shape | undefined {
  return map.fields.get(name)?.shape ?? map.values;
}

/** The path element of a member of a struct or map. */
export function memberElement({ fields }: MapShape, name: string): PathElement {
  return fields.get(name)?.element ?? fieldElement(name);
}

/** A member of a struct or map. Throws where there can be no such member. */
export function memberField(map: MapShape, name: string): FieldShape {
  const known = map.fields.get(name);
  if (known) return known;
  if (map.values) return fieldShape(name, map.values);
  throw new Error(`.${name}: field not declared in schema`);
}

/** A value as a map; undefined for what is none. */
export function asMap(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

/** A value as a list; undefined for what is none. */
export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** A member that is the object's own. */
export function memberOf(map: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}
