import type { FieldPath, Warnings } from '#machinery';
import type { PersistentVolumeClaimSpec } from '../persistent-volume-claim.ts';
import { warnOfFractions } from './fractions.ts';

/** What storage is asked for (`pkg/api/persistentvolumeclaim/util.go`). */
export function warnOfClaimSpec({ resources }: PersistentVolumeClaimSpec, warnings: Warnings, path: FieldPath): void {
  warnOfFractions(resources?.requests, 'storage', warnings, path.child('resources', 'requests'));
  warnOfFractions(resources?.limits, 'storage', warnings, path.child('resources', 'limits'));
}
