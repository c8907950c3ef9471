import { FieldPath, type Warnings } from '#machinery';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../persistent-volume-claim.ts';
import { warnOfFractions } from './fractions.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** What to tell who writes a claim. */
export function warnOfClaim({ metadata, spec }: PersistentVolumeClaim, warnings: Warnings): void {
  if (metadata.annotations?.[classAnnotation] !== undefined) {
    const why = 'deprecated since v1.8; use "storageClassName" attribute instead';
    warnings.at(FieldPath.of('metadata', 'annotations').key(classAnnotation), why);
  }
  warnOfClaimSpec(spec, warnings, FieldPath.of('spec'));
}

/** What storage is asked for (`pkg/api/persistentvolumeclaim/util.go`). */
export function warnOfClaimSpec({ resources }: PersistentVolumeClaimSpec, warnings: Warnings, path: FieldPath): void {
  warnOfFractions(resources?.requests, 'storage', warnings, path.child('resources', 'requests'));
  warnOfFractions(resources?.limits, 'storage', warnings, path.child('resources', 'limits'));
}
