import type { PersistentVolume } from './persistent-volume.ts';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';

/** Fills in what a volume leaves unsaid (`pkg/apis/core/v1/defaults.go`). */
export function setPersistentVolumeDefaults({ spec, status }: PersistentVolume): void {
  status.phase ||= 'Pending';
  spec.persistentVolumeReclaimPolicy ??= 'Retain';
  spec.volumeMode ??= 'Filesystem';
  if (spec.hostPath) spec.hostPath.type ??= '';
}

/** Fills in what a claim leaves unsaid (`pkg/apis/core/v1/defaults.go`). */
export function setPersistentVolumeClaimDefaults({ spec, status }: PersistentVolumeClaim): void {
  status.phase ||= 'Pending';
  spec.volumeMode ??= 'Filesystem';
}
