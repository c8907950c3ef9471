import { badRequest, type StatusError } from './status.ts';

/** A step into an object: a field, an index, or a key of a map. */
export type Segment = string | number | { readonly key: string };

/** What travels along while one value is decoded. */
export interface DecodeContext {
  /** Where the walk is. */
  readonly path: Segment[];
  readonly unknownFields: string[];
}

/** Makes the normalized form of a JSON value that is not null. Throws StatusError or RangeError. */
export type Decode = (value: unknown, context: DecodeContext) => unknown;

/** `spec.containers[0].foo`: how unknown fields are told. */
export function childPath(path: readonly Segment[], name: string): string {
  let text = '';
  for (const segment of [...path, name]) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else text += `${text === '' ? '' : '.'}${typeof segment === 'string' ? segment : segment.key}`;
  }
  return text;
}

/** A value of the wrong type, as encoding/json tells it: names the innermost struct and the fields down to it, without indexes and keys. */
export function mismatch(value: unknown, { path }: DecodeContext, struct: string, goType: string): StatusError {
  const fields = path.filter((segment) => typeof segment === 'string');
  const place = struct === '' || fields.length === 0 ? 'Go value' : `Go struct field ${struct}.${fields.join('.')}`;
  return badRequest(`json: cannot unmarshal ${describe(value, goType)} into ${place} of type ${goType}`);
}

function describe(value: unknown, goType: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return goType.startsWith('int') ? `number ${value}` : 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
