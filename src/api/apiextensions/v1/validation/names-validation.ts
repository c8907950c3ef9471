import { isDns1035Label, type FieldErrors, type FieldPath } from '#machinery';
import type { CustomResourceDefinitionNames } from '../custom-resource-definition-names.ts';

const mixedCase = 'may have mixed case, but should otherwise match: ';

/** The rules of names, wanted or accepted; those that are empty are for the caller to judge. */
export function validateNames(names: CustomResourceDefinitionNames, errors: FieldErrors, path: FieldPath): void {
  for (const field of ['plural', 'singular'] as const) validateName(names[field] ?? '', errors, path.child(field));
  for (const field of ['kind', 'listKind'] as const) {
    const value = names[field] ?? '';
    const problems = value === '' ? [] : isDns1035Label(value.toLowerCase());
    if (problems.length > 0) errors.invalid(path.child(field), value, mixedCase + problems.join(','));
  }
  for (const field of ['shortNames', 'categories'] as const) {
    for (const [at, value] of (names[field] ?? []).entries()) {
      const problems = isDns1035Label(value);
      if (problems.length > 0) errors.invalid(path.child(field).index(at), value, problems.join(','));
    }
  }
  if (names.kind !== '' && names.kind === names.listKind) {
    errors.invalid(path.child('listKind'), names.listKind, 'kind and listKind may not be the same');
  }
}

function validateName(value: string, errors: FieldErrors, path: FieldPath): void {
  const problems = value === '' ? [] : isDns1035Label(value);
  if (problems.length > 0) errors.invalid(path, value, problems.join(','));
}
