import { WireType } from '@bufbuild/protobuf/wire';
import type { Type } from './types.ts';

/** How protobuf frames a value of the type. */
export function wireTypeOf(type: Type): WireType {
  if (type.kind === 'string' || type.kind === 'bytes' || type.kind === 'message') return WireType.LengthDelimited;
  if (type.kind === 'double') return WireType.Bit64;
  return type.kind === 'float' ? WireType.Bit32 : WireType.Varint;
}
