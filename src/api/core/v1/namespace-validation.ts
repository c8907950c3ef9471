import { FieldPath, isQualifiedName, type FieldErrors } from '#machinery';
import type { Namespace } from './namespace.ts';

const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** The rules of namespaces (`pkg/apis/core/validation/validation.go`). */
export function validateNamespace({ spec }: Namespace, errors: FieldErrors, old?: Namespace): void {
  if (old) return; // an update leaves the finalizers alone
  const path = FieldPath.of('spec', 'finalizers');
  for (const name of spec.finalizers ?? []) {
    validateFinalizerName(name, path, errors);
  }
}

/** A finalizer is one of Kubernetes' own, or says whose it is. */
export function validateFinalizerName(name: string, at: FieldPath, errors: FieldErrors): void {
  for (const why of isQualifiedName(name)) errors.invalid(at, name, why);
  validateFinalizerOwner(name, at, errors);
}

/** The half of the rule that comes after all names. */
export function validateFinalizerOwner(name: string, at: FieldPath, errors: FieldErrors): void {
  if (name.includes('/') || standard.includes(name)) return;
  errors.invalid(at, name, 'name is neither a standard finalizer name nor is it fully qualified');
}
