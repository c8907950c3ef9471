import { ageColumn, nameColumn, type Column } from '#machinery';
import { isDefaultStorageClass } from './default-class.ts';
import type { StorageClass } from './storage-class.ts';
import type { VolumeAttributesClass } from './volume-attributes-class.ts';

type Class = Pick<StorageClass, 'metadata'>;

/** The name, and whether it is the default. */
function classNameColumn(isDefault: (one: Class) => boolean): Column<Class> {
  const cell = (one: Class): string => `${one.metadata.name ?? ''}${isDefault(one) ? ' (default)' : ''}`;
  return { ...nameColumn, cell };
}

const defaultAttributes = 'volumeattributesclass.alpha.kubernetes.io/is-default-class';

/** What `kubectl get storageclasses` shows. */
export const storageClassColumns: readonly Column<StorageClass>[] = [
  classNameColumn(isDefaultStorageClass),
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
  classNameColumn(({ metadata }) => metadata.annotations?.[defaultAttributes] === 'true'),
  { name: 'DriverName', type: 'string', description: 'The driver that knows it.', cell: (one) => one.driverName },
  ageColumn,
];
