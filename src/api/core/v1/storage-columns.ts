import { ageColumn, nameColumn, type Column } from '#machinery';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import type { PersistentVolume } from './persistent-volume.ts';
import { storageClassOf } from './storage-class-of.ts';

const unset = '<unset>';
const shortModes = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

interface Storage {
  metadata: { annotations?: Record<string, string>; deletionTimestamp?: string };
  spec: { storageClassName?: string; volumeAttributesClassName?: string; volumeMode?: string };
  status: { phase?: string };
}

const statusColumn: Column<Storage> = {
  name: 'Status',
  type: 'string',
  description: 'Where it is in its life.',
  cell: ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating'),
};

const classColumns: readonly Column<Storage>[] = [
  {
    name: 'StorageClass',
    type: 'string',
    description: 'The storage class it belongs to.',
    cell: (storage) => storageClassOf(storage) ?? '',
  },
  {
    name: 'VolumeAttributesClass',
    type: 'string',
    description: 'The class of attributes it is to have.',
    cell: ({ spec }) => spec.volumeAttributesClassName ?? unset,
  },
];

const modeColumn: Column<Storage> = {
  name: 'VolumeMode',
  type: 'string',
  priority: 1,
  description: 'Whether it holds a file system or is a raw block device.',
  cell: ({ spec }) => spec.volumeMode ?? unset,
};

/** What `kubectl get persistentvolumes` shows. */
export const persistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  nameColumn,
  { name: 'Capacity', type: 'string', description: 'How large it is.', cell: ({ spec }) => sizeIn(spec.capacity) },
  {
    name: 'Access Modes',
    type: 'string',
    description: 'How it can be reached.',
    cell: ({ spec }) => modesOf(spec.accessModes),
  },
  {
    name: 'Reclaim Policy',
    type: 'string',
    description: 'What becomes of it when its claim is gone.',
    cell: ({ spec }) => spec.persistentVolumeReclaimPolicy ?? '',
  },
  statusColumn,
  {
    name: 'Claim',
    type: 'string',
    description: 'The claim that has it.',
    cell: ({ spec: { claimRef } }) => (claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : ''),
  },
  ...classColumns,
  { name: 'Reason', type: 'string', description: 'Why it failed.', cell: ({ status }) => status.reason ?? '' },
  ageColumn,
  modeColumn,
];

/** What `kubectl get persistentvolumeclaims` shows. */
export const persistentVolumeClaimColumns: readonly Column<PersistentVolumeClaim>[] = [
  nameColumn,
  statusColumn,
  { name: 'Volume', type: 'string', description: 'The volume it has.', cell: ({ spec }) => spec.volumeName ?? '' },
  {
    name: 'Capacity',
    type: 'string',
    description: 'How large that volume is.',
    cell: ({ spec, status }) => (spec.volumeName ? sizeIn(status.capacity) : ''),
  },
  {
    name: 'Access Modes',
    type: 'string',
    description: 'How that volume can be reached.',
    cell: ({ spec, status }) => (spec.volumeName ? modesOf(status.accessModes) : ''),
  },
  ...classColumns,
  ageColumn,
  modeColumn,
];

function sizeIn(amounts: Readonly<Record<string, string>> | undefined): string {
  return amounts?.['storage'] ?? '0';
}

function modesOf(modes: readonly string[] = []): string {
  return shortModes.flatMap(([mode, short]) => (modes.includes(mode) ? [short] : [])).join(',');
}
