import { FieldPath, type FieldErrors } from '#machinery';

const path = FieldPath.of('status', 'conditions');

/** The conditions of schemas and levels: each has a type, and each type stands once. */
export function validateConditionTypes(conditions: readonly { type?: string }[] = [], errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const [at, { type = '' }] of conditions.entries()) {
    const here = path.index(at).child('type');
    if (seen.has(type)) errors.duplicate(here, type);
    seen.add(type);
    if (type === '') errors.required(here, 'must not be empty');
  }
}
