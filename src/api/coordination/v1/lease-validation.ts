import { FieldPath, type FieldErrors } from '#machinery';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';
import type { Lease } from './lease.ts';

/** The rules of leases (`pkg/apis/coordination/validation/validation.go`). */
export function validateLease({ spec }: Lease, errors: FieldErrors): void {
  const path = FieldPath.of('spec');
  const { leaseDurationSeconds: seconds, leaseTransitions, strategy, preferredHolder } = spec;
  if (seconds !== undefined && seconds <= 0) {
    errors.invalid(path.child('leaseDurationSeconds'), seconds, 'must be greater than 0');
  }
  validateNotNegative(leaseTransitions, errors, path.child('leaseTransitions'));
  if (preferredHolder && !strategy) {
    errors.forbidden(path.child('preferredHolder'), 'may only be specified if `strategy` is defined');
  }
}
