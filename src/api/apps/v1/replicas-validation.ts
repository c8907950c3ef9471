import { FieldPath, type FieldErrors } from '#machinery';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';

const path = FieldPath.of('status');

type Counts<F extends string> = { readonly [K in F]?: number | undefined };

/** Counts in a status, none of which can be less than nothing. */
export function validateCounts<F extends string>(status: Counts<F>, fields: readonly F[], errors: FieldErrors): void {
  for (const field of fields) validateNotNegative(status[field], errors, path.child(field));
}

/** Some of the replicas cannot be more than all. */
export function validatePartsOfReplicas<F extends string>(
  status: Counts<F | 'replicas'>,
  parts: readonly F[],
  errors: FieldErrors,
): void {
  const counts: Counts<string> = status;
  for (const part of parts) {
    const count = counts[part] ?? 0;
    if (count > (counts['replicas'] ?? 0)) {
      errors.invalid(path.child(part), count, 'cannot be greater than status.replicas');
    }
  }
}

/** What is available is ready too; `ready` is how the kind's error names those that are. */
export function validateAvailable(
  { availableReplicas = 0, readyReplicas = 0 }: Counts<'availableReplicas' | 'readyReplicas'>,
  ready: 'readyReplicas' | 'status.readyReplicas',
  errors: FieldErrors,
): void {
  if (availableReplicas <= readyReplicas) return;
  errors.invalid(path.child('availableReplicas'), availableReplicas, `cannot be greater than ${ready}`);
}

/** The count of name collisions goes into the next name: it must never go back. */
export function validateCollisionCount(
  { collisionCount: now }: Counts<'collisionCount'>,
  { collisionCount: before }: Counts<'collisionCount'>,
  errors: FieldErrors,
): void {
  if (before === undefined || (now !== undefined && now >= before)) return;
  errors.invalid(path.child('collisionCount'), now ?? 0, 'cannot be decremented');
}
