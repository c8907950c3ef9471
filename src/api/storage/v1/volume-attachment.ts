import { bool, int32, map, message, of, pointer, present, required, string, time } from '#machinery';
import { PersistentVolumeSpec } from '../../core/v1/persistent-volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class VolumeError extends message('Why a volume could not be attached or detached.', {
  time: time(1, 'When.'),
  message: string(2, 'Why; it must not tell secrets.'),
  errorCode: pointer(int32(3, 'The gRPC code that the driver answered.')),
}) {}

export class VolumeAttachmentSource extends message('The volume; exactly one of these.', {
  persistentVolumeName: pointer(string(1, 'The name of a PersistentVolume.')),
  inlineVolumeSpec: pointer(of(2, 'A volume of an old kind that its CSI driver serves now.', PersistentVolumeSpec)),
}) {}

export class VolumeAttachmentSpec extends message('Which volume is to be attached where. It never changes.', {
  attacher: required(string(1, 'The driver that attaches it.')),
  source: required(of(2, 'The volume.', VolumeAttachmentSource)),
  nodeName: required(string(3, 'The node.', { minLength: 0 })),
}) {}

export class VolumeAttachmentStatus extends message('Whether it is attached.', {
  attached: required(bool(1, 'Whether it is.')),
  attachmentMetadata: map(2, 'What the driver told, for those who mount it.', string(0, '')),
  attachError: pointer(of(3, 'Why it could not be attached.', VolumeError)),
  detachError: pointer(of(4, 'Why it could not be detached.', VolumeError)),
}) {}

export class VolumeAttachment extends message('The wish to have a volume attached to a node.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'Which volume, where.', VolumeAttachmentSpec)),
  status: present(of(3, 'Whether it is.', VolumeAttachmentStatus)),
}) {}
