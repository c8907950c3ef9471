import { FieldPath, isDns1123Subdomain, isPathSegment, type FieldErrors } from '#machinery';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { IPAddress } from './ip-address.ts';

const path = FieldPath.of('spec', 'parentRef');

/** The rules of addresses (`pkg/apis/networking/validation/validation.go`). The core group's name is empty. */
export function validateIPAddress({ spec: { parentRef } }: IPAddress, errors: FieldErrors, old?: IPAddress): void {
  if (old) validateImmutable(parentRef, old.spec.parentRef, errors, path);
  if (!parentRef) return;
  const { group, resource, namespace, name } = parentRef;
  if (group) for (const why of isDns1123Subdomain(group)) errors.invalid(path.child('group'), group, why);
  for (const [field, text] of Object.entries({ resource, name, namespace })) {
    if (text) for (const why of isPathSegment(text)) errors.invalid(path.child(field), text, why);
  }
}
