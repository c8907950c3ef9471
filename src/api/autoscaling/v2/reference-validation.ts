import { isPathSegment, parseApiVersion, type FieldErrors, type FieldPath } from '#machinery';
import type { CrossVersionObjectReference } from './metric-spec.ts';

/** What is asked of the group and version of a reference: `any` of one that was let in before. */
export type GroupRule = 'any' | 'valid' | 'notCore';

/** An object by its kind and name (`ValidateCrossVersionObjectReference`); that they are there is told by the schema. */
export function validateReference(
  { kind, name, apiVersion = '' }: CrossVersionObjectReference,
  rule: GroupRule,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const why of isPathSegment(kind)) errors.invalid(path.child('kind'), kind, why);
  for (const why of isPathSegment(name)) errors.invalid(path.child('name'), name, why);
  if (rule === 'any') return;
  const at = path.child('apiVersion');
  if (!isGroupVersion(apiVersion)) errors.invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else if (rule === 'notCore' && parseApiVersion(apiVersion).group === '') {
    errors.invalid(at, apiVersion, 'apiVersion must specify API group');
  }
}

/** `v1`, `apps/v1`, or nothing at all. */
export function isGroupVersion(text: string): boolean {
  return text.split('/').length <= 2;
}
