import { FieldPath, isQualifiedName, type FieldErrors } from '#machinery';
import type { PersistentVolumeClaimStatus } from './persistent-volume-claim.ts';
import { isNative } from './validation/resource-names.ts';
import { validateBasicAmounts } from './validation/storage.ts';

const path = FieldPath.of('status');
const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
];

/** The rules of what is said of a claim (`ValidatePersistentVolumeClaimStatusUpdate`). */
export function validatePersistentVolumeClaimStatus(status: PersistentVolumeClaimStatus, errors: FieldErrors): void {
  validateBasicAmounts(status.capacity, errors, path.child('capacity'));
  const statuses = path.child('allocatedResourceStatuses');
  for (const [name, value] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    validateResourceKey(name, errors, statuses);
    // Upstream shows the key, not the value.
    if (!resizeStatuses.includes(value)) errors.notSupported(statuses, name, resizeStatuses.toSorted());
  }
  const allocated = path.child('allocatedResources');
  for (const name of Object.keys(status.allocatedResources ?? {})) validateResourceKey(name, errors, allocated);
  validateBasicAmounts(status.allocatedResources, errors, allocated);
}

function validateResourceKey(name: string, errors: FieldErrors, at: FieldPath): void {
  const problems = isQualifiedName(name);
  for (const why of problems) errors.invalid(at, name, why);
  if (problems.length === 0 && isNative(name) && name !== 'storage') errors.notSupported(at, name, ['storage']);
}
