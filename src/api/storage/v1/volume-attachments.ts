import { resource } from '#machinery';
import { volumeAttachmentColumns } from './csi-columns.ts';
import { validateVolumeAttachment } from './volume-attachment-validation.ts';
import { VolumeAttachment } from './volume-attachment.ts';

export const volumeAttachments = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: VolumeAttachment,
  plural: 'volumeattachments',
  namespaced: false,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  columns: volumeAttachmentColumns,
  validate: validateVolumeAttachment,
});
