import { mismatch, UnreadableValue, type Decode, type DecodeContext } from './decode-context.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { Quantity } from './quantity.ts';
import type { Type } from './schema/types.ts';
import { normalizeMicroTime, normalizeTime } from './time.ts';

type ScalarType = Exclude<Type, { kind: 'message' | 'either' | 'list' | 'map' }>;

/** The decoder of everything that contains nothing else; `owner` is the struct that errors name. */
export function scalarDecoder(type: ScalarType, owner: string): Decode {
  switch (type.kind) {
    case 'string':
      return (value, context) => (typeof value === 'string' ? value : fail(value, context, owner, 'string'));
    case 'bool':
      return (value, context) => (typeof value === 'boolean' ? value : fail(value, context, owner, 'bool'));
    case 'double':
      return (value, context) => (typeof value === 'number' ? value : fail(value, context, owner, 'float64'));
    case 'int32':
      return (value, context) => (isInt32(value) ? value : fail(value, context, owner, 'int32'));
    case 'int64':
      return (value, context) => (isInt64(value) ? value : fail(value, context, owner, 'int64'));
    case 'bytes':
      return (value, context) =>
        typeof value === 'string' ? canonicalBase64(value) : fail(value, context, owner, '[]uint8');
    case 'raw':
      return (value) => value;
    default:
      return selfReading(type.kind, owner);
  }
}

function selfReading(kind: 'quantity' | 'intOrString' | 'time' | 'microTime' | 'duration', struct: string): Decode {
  switch (kind) {
    case 'quantity':
      return decodeQuantity;
    case 'intOrString':
      return (value, context) => {
        if (typeof value === 'string' || isInt32(value)) return value;
        throw new UnreadableValue(value, context, { struct, goType: 'int32' });
      };
    case 'time':
      return (value, context) => normalizeTime(textOf(value, context, struct));
    case 'microTime':
      return (value, context) => normalizeMicroTime(textOf(value, context, struct));
    case 'duration':
      return (value, context) => formatDuration(parseDuration(textOf(value, context, struct)));
  }
}

function decodeQuantity(value: unknown): string {
  if (typeof value === 'string') return Quantity.parse(value.trim()).toString();
  // Any other JSON is read by its text, so that numbers are quantities too.
  return Quantity.parse(JSON.stringify(value)).toString();
}

function textOf(value: unknown, context: DecodeContext, struct: string): string {
  if (typeof value === 'string') return value;
  throw new UnreadableValue(value, context, { struct, goType: 'string' });
}

function fail(value: unknown, context: DecodeContext, owner: string, goType: string): never {
  throw mismatch(value, context, owner, goType);
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
}

function isInt64(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

/** Base64 as Go reads it: padded, and line breaks are passed over. Throws RangeError in its words. */
function canonicalBase64(text: string): string {
  const joined = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
  const bad = joined.search(/[^A-Za-z0-9+/]/);
  const body = bad < 0 ? joined.length : bad;
  const padding = joined.slice(body);
  const isWhole = joined.length % 4 === 0 && (padding === '' || padding === '=' || padding === '==');
  if (!isWhole)
    throw new RangeError(`illegal base64 data at input byte ${bad < 0 ? joined.length - (joined.length % 4) : bad}`);
  return joined;
}
