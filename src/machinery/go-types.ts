import { isObject } from './json.ts';
import type { Type } from './schema/types.ts';

/** What Go does with values of each type, where JSON cannot tell. */

/** What `omitempty` leaves out; undefined where it does nothing: for structs, and some scalars are structs in Go. */
export function isEmptyValue(type: Type): ((value: unknown) => boolean) | undefined {
  switch (type.kind) {
    case 'message':
    case 'either':
    case 'quantity':
    case 'intOrString':
    case 'time':
    case 'microTime':
    case 'duration':
    case 'raw':
      return undefined;
    case 'list':
      return (value) => Array.isArray(value) && value.length === 0;
    case 'map':
      return (value) => isObject(value) && Object.keys(value).length === 0;
    default:
      return (value) => value === '' || value === 0 || value === false;
  }
}

/** How Go names a type in errors; the API's packages are nearly all called `v1`. */
export function goType(type: Type): string {
  switch (type.kind) {
    case 'message':
      return `v1.${type.message().name}`;
    case 'either':
      return `v1.${type.name}`;
    case 'list':
      return `[]${goType(type.items)}`;
    case 'map':
      if (type.values.kind === 'quantity') return 'v1.ResourceList';
      return `map[string]${goType(type.values)}`;
    case 'bytes':
      return '[]uint8';
    case 'double':
      return 'float64';
    case 'quantity':
      return 'resource.Quantity';
    case 'intOrString':
      return 'intstr.IntOrString';
    default:
      return type.kind;
  }
}
