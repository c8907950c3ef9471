import { FieldPath, isQualifiedName, type FieldErrors } from '#machinery';
import type { Namespace } from './namespace.ts';

const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** The rules of namespaces (`pkg/apis/core/validation/validation.go`). */
export function validateNamespace({ spec }: Namespace, errors: FieldErrors, old?: Namespace): void {
  if (old) return; // an update leaves the finalizers alone
  const path = FieldPath.of('spec', 'finalizers');
  for (const name of spec.finalizers ?? []) {
    for (const why of isQualifiedName(name)) errors.invalid(path, name, why);
    if (name.includes('/') || standard.includes(name)) continue;
    errors.invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified');
  }
}
