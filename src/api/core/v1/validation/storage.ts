import { isDns1123Subdomain, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { notPositive } from '../../../meta/v1/value-validation.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const maxDriverNameBytes = 63;

/** How a volume can be reached, or is to be. */
export function validateAccessModes(modes: readonly string[], errors: FieldErrors, path: FieldPath): void {
  const known = modes.filter((mode) => accessModes.includes(mode));
  for (const mode of modes) if (!known.includes(mode)) errors.notSupported(path, mode, accessModes);
  if (known.includes('ReadWriteOncePod') && known.some((mode) => mode !== 'ReadWriteOncePod')) {
    errors.forbidden(path, 'may not use ReadWriteOncePod with other access modes');
  }
}

/** The name of a storage class, or of a class of volume attributes; empty and absent are for others to judge. */
export function validateClassName(name: string | undefined, errors: FieldErrors, path: FieldPath): void {
  if (!name) return;
  for (const why of isDns1123Subdomain(name)) errors.invalid(path, name, why);
}

/** The name of a CSI driver; that it is needed is told by the schema. */
export function validateCsiDriverName(name: string, errors: FieldErrors, path: FieldPath): void {
  if (name === '') return;
  if (Buffer.byteLength(name) > maxDriverNameBytes) errors.tooLong(path, maxDriverNameBytes);
  for (const why of isDns1123Subdomain(name.toLowerCase())) errors.invalid(path, name, why);
}

/** An amount that is none if it is not more than nothing. */
export function validatePositive(text: string, errors: FieldErrors, path: FieldPath): void {
  if (Quantity.parse(text).sign() <= 0) errors.invalid(path, text, notPositive);
}

/** Amounts of whatever kind, which may be nothing and not less. */
export function validateBasicAmounts(
  amounts: Readonly<Record<string, string>> | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [name, text] of Object.entries(amounts ?? {})) {
    const amount = Quantity.parse(text);
    if (amount.sign() < 0) errors.invalid(path.key(name), amount.value(), 'must be a valid resource quantity');
  }
}
