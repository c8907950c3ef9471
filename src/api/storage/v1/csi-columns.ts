import { ageColumn, joinOrNone, nameColumn, type Column } from '#machinery';
import type { CSIDriver } from './csi-driver.ts';
import type { CSINode } from './csi-node.ts';
import type { VolumeAttachment } from './volume-attachment.ts';

const unset = '<unset>';

/** What `kubectl get csidrivers` shows. */
export const csiDriverColumns: readonly Column<CSIDriver>[] = [
  nameColumn,
  {
    name: 'AttachRequired',
    type: 'boolean',
    description: 'Whether volumes are attached before they are mounted.',
    cell: ({ spec }) => spec.attachRequired ?? true,
  },
  {
    name: 'PodInfoOnMount',
    type: 'boolean',
    description: 'Whether the driver is told which pod it mounts for.',
    cell: ({ spec }) => spec.podInfoOnMount ?? false,
  },
  {
    name: 'StorageCapacity',
    type: 'boolean',
    description: 'Whether the scheduler looks at how much room is left.',
    cell: ({ spec }) => spec.storageCapacity ?? false,
  },
  {
    name: 'TokenRequests',
    type: 'string',
    description: 'Whom the tokens are for that the driver gets.',
    cell: ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? unset,
  },
  {
    name: 'RequiresRepublish',
    type: 'boolean',
    description: 'Whether the driver is called again and again.',
    cell: ({ spec }) => spec.requiresRepublish ?? false,
  },
  {
    name: 'Modes',
    type: 'string',
    description: 'Which volumes the driver serves.',
    cell: ({ spec }) => joinOrNone(spec.volumeLifecycleModes),
  },
  ageColumn,
];

/** What `kubectl get csinodes` shows. */
export const csiNodeColumns: readonly Column<CSINode>[] = [
  nameColumn,
  { name: 'Drivers', type: 'integer', description: 'How many drivers it has.', cell: (one) => one.spec.drivers.length },
  ageColumn,
];

/** What `kubectl get volumeattachments` shows. */
export const volumeAttachmentColumns: readonly Column<VolumeAttachment>[] = [
  nameColumn,
  { name: 'Attacher', type: 'string', format: 'name', description: 'Who attaches.', cell: ({ spec }) => spec.attacher },
  {
    name: 'PV',
    type: 'string',
    description: 'The volume.',
    cell: ({ spec }) => spec.source.persistentVolumeName ?? '',
  },
  { name: 'Node', type: 'string', description: 'The node.', cell: ({ spec }) => spec.nodeName },
  { name: 'Attached', type: 'boolean', description: 'Whether it is attached.', cell: ({ status }) => status.attached },
  ageColumn,
];
