import { badRequest, StatusError } from './status.ts';
import { nameOfStep, Trail, type InlinedField, type Segment } from './trail.ts';

/** Makes the normalized form of a JSON value that is not null. Throws StatusError or RangeError. */
export type Decode = (value: unknown, context: DecodeContext) => unknown;

/** What decoding knows of one field. */
export interface CompiledField {
  readonly name: string;
  /** Its name on the way into it. */
  readonly step: string | InlinedField;
  /** Its place in the schema. */
  readonly order: number;
  /** Whether something stands there even when the field is absent. */
  readonly isAlways: boolean;
  readonly decode: Decode;
  /** Makes what stands there when the field is absent or its value is dropped; undefined for nothing. */
  readonly absent: (() => unknown) | undefined;
  /** Whether Go leaves this value out (`omitempty`); undefined where it leaves out none. */
  readonly isDropped: ((value: unknown) => boolean) | undefined;
}

/** What travels along while one value is decoded. */
export class DecodeContext extends Trail {
  readonly unknownFields: string[] = [];
  /** The fields that are being read, of all objects from the root to here: a list for each would be half of what a decode leaves. */
  readonly fields: CompiledField[] = [];
  /** Where those of the innermost object end. */
  end = 0;

  /** `spec.containers[0].foo`: how unknown fields are told. */
  pathOf(name: string): string {
    let text = '';
    for (const segment of [...this.segments, name]) {
      if (typeof segment === 'number') text += `[${segment}]`;
      else text += `${text === '' ? '' : '.'}${nameOfStep(segment)}`;
    }
    return text;
  }
}

/** For types that read themselves in Go, without a word on where they stand. */
export const nowhere: DecodeContext = new DecodeContext();

/** A value of the wrong type, as encoding/json tells it: names the innermost struct and the fields down to it, without indexes and keys. */
export function mismatch(value: unknown, { segments }: DecodeContext, struct: string, goType: string): StatusError {
  const fields = segments.flatMap(goNameOf);
  const place = struct === '' || fields.length === 0 ? 'Go value' : `Go struct field ${struct}.${fields.join('.')}`;
  return badRequest(`json: cannot unmarshal ${describe(value, goType)} into ${place} of type ${goType}`);
}

/** Indexes and keys are left out. */
function goNameOf(segment: Segment): string[] {
  if (typeof segment === 'string') return [segment];
  return typeof segment === 'object' && 'struct' in segment ? [segment.struct, segment.name] : [];
}

/** A value of a type that reads itself in Go: who does not decode from text tells of it without its place. */
export class UnreadableValue extends StatusError {
  readonly bare: string;

  constructor(value: unknown, context: DecodeContext, { struct, goType }: { struct: string; goType: string }) {
    super(mismatch(value, context, struct, goType).status);
    this.bare = mismatch(value, nowhere, '', goType).message;
  }
}

function describe(value: unknown, goType: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return goType.startsWith('int') ? `number ${value}` : 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
