import type { CSIDriver } from './csi-driver.ts';
import type { StorageClass } from './storage-class.ts';

/** Fills in what a storage class leaves unsaid (`pkg/apis/storage/v1/defaults.go`). */
export function setStorageClassDefaults(storageClass: StorageClass): void {
  storageClass.reclaimPolicy ??= 'Delete';
  storageClass.volumeBindingMode ??= 'Immediate';
}

/** Fills in what is usual of a driver (`pkg/apis/storage/v1/defaults.go`). */
export function setCsiDriverDefaults({ spec }: CSIDriver): void {
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}
