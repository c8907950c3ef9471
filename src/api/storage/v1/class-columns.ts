import { ageColumn, nameColumn, type Column } from '#machinery';
import type { StorageClass } from './storage-class.ts';
import type { VolumeAttributesClass } from './volume-attributes-class.ts';

/** The name, and whether the annotations of the kind make it the default. */
function classNameColumn(...annotations: string[]): Column<Pick<StorageClass, 'metadata'>> {
  return {
    ...nameColumn,
    cell: ({ metadata }) => {
      const isDefault = annotations.some((one) => metadata.annotations?.[one] === 'true');
      return `${metadata.name ?? ''}${isDefault ? ' (default)' : ''}`;
    },
  };
}

/** The annotations that make a storage class the default one: today's, and the one before. */
export const defaultStorageClassAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** What `kubectl get storageclasses` shows. */
export const storageClassColumns: readonly Column<StorageClass>[] = [
  classNameColumn(...defaultStorageClassAnnotations),
  { name: 'Provisioner', type: 'string', description: 'Who makes the volumes.', cell: (one) => one.provisioner },
  {
    name: 'ReclaimPolicy',
    type: 'string',
    description: 'What becomes of a volume when its claim is gone.',
    cell: ({ reclaimPolicy = 'Delete' }) => reclaimPolicy,
  },
  {
    name: 'VolumeBindingMode',
    type: 'string',
    description: 'When a claim gets its volume.',
    cell: ({ volumeBindingMode = 'Immediate' }) => volumeBindingMode,
  },
  {
    name: 'AllowVolumeExpansion',
    type: 'string',
    description: 'Whether a claim may ask for more later.',
    cell: ({ allowVolumeExpansion = false }) => allowVolumeExpansion,
  },
  ageColumn,
];

/** What `kubectl get volumeattributesclasses` shows. */
export const volumeAttributesClassColumns: readonly Column<VolumeAttributesClass>[] = [
  classNameColumn('volumeattributesclass.alpha.kubernetes.io/is-default-class'),
  { name: 'DriverName', type: 'string', description: 'The driver that knows it.', cell: (one) => one.driverName },
  ageColumn,
];
