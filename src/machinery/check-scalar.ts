import {
  isConfigMapKey,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPortName,
  isQualifiedName,
  isValidLabelValue,
} from './names.ts';
import type { Type } from './schema/types.ts';
import type { Check } from './validation-walk.ts';

/** The string formats that are checked, by the name that the schema gives them. Other formats only serve OpenAPI. */
const formats: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dnsLabel: isDns1123Label,
  dnsSubdomain: isDns1123Subdomain,
  dns1035Label: isDns1035Label,
  qualifiedName: isQualifiedName,
  labelValue: isValidLabelValue,
  configMapKey: isConfigMapKey,
  portName: isPortName,
};

/** What can be wrong with a string of this type; undefined when nothing can. */
export function checkOfString(type: Type & { kind: 'string' }): Check | undefined {
  const { maxLength, minLength, format } = type;
  const allowed = type.enumIsForRules === true ? undefined : type.enum;
  const told = type.enumAsListed === true ? allowed : allowed?.toSorted();
  const problemsOf = format === undefined ? undefined : formats[format];
  if ((allowed ?? maxLength ?? minLength ?? problemsOf) === undefined) return undefined;
  return (value, walk) => {
    if (typeof value !== 'string') return;
    const { errors } = walk;
    if (allowed && !allowed.includes(value)) errors.notSupported(walk.path, value, told ?? allowed);
    if (maxLength !== undefined && Buffer.byteLength(value) > maxLength) errors.tooLong(walk.path, maxLength);
    if (minLength !== undefined && value.length < minLength) {
      errors.invalid(walk.path, value, `must be at least ${minLength} characters long`);
    }
    if (!problemsOf || value === '') return;
    for (const problem of problemsOf(value)) errors.invalid(walk.path, value, problem);
  };
}

/** What can be wrong with a number of this type; undefined when nothing can. */
export function checkOfRange({
  minimum = -Infinity,
  maximum = Infinity,
}: Type & { kind: 'int32' | 'int64' }): Check | undefined {
  if (minimum === -Infinity && maximum === Infinity) return undefined;
  return (value, walk) => {
    if (typeof value !== 'number' || (value >= minimum && value <= maximum)) return;
    const { errors, path } = walk;
    if (Number.isFinite(minimum) && Number.isFinite(maximum)) {
      errors.invalid(path, value, `must be between ${minimum} and ${maximum}, inclusive`);
    } else if (value < minimum) errors.invalid(path, value, `must be greater than or equal to ${minimum}`);
    else errors.invalid(path, value, `must be less than or equal to ${maximum}`);
  };
}
