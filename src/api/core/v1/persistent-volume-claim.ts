import { list, listMap, map, message, of, oneOf, pointer, present, quantity, required, string, time } from '#machinery';
import { TypedLocalObjectReference, TypedObjectReference } from './references.ts';
import { VolumeResourceRequirements } from './resources.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PersistentVolumeClaimSpec extends message('What storage is asked for.', {
  accessModes: list(1, 'How many nodes and pods have to reach it, and whether to write.', string(0, '')),
  selector: pointer(of(4, 'Which volumes come into question.', LabelSelector)),
  resources: of(2, 'How large it is to be.', VolumeResourceRequirements),
  volumeName: string(3, 'The volume that is bound to the claim.'),
  storageClassName: pointer(string(5, 'The storage class that makes the volume; empty for none.')),
  volumeMode: pointer(oneOf(6, 'Whether a file system or a raw block device is wanted.', ['Block', 'Filesystem'])),
  dataSource: pointer(of(7, 'A snapshot or claim that the volume begins as a copy of.', TypedLocalObjectReference)),
  dataSourceRef: pointer(of(8, 'As `dataSource`, of any kind and from any namespace.', TypedObjectReference)),
  volumeAttributesClassName: pointer(string(9, 'The class of attributes that the volume is to have.')),
}) {}

export class PersistentVolumeClaimTemplate extends message('A claim that is made for each pod.', {
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', PersistentVolumeClaimSpec)),
}) {}

export class PersistentVolumeClaimCondition extends message('One aspect of how a claim does.', {
  type: required(string(1, 'Which aspect, such as `Resizing` or `FileSystemResizePending`.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastProbeTime: time(3, 'When this was last looked at.'),
  lastTransitionTime: time(4, 'Since when it is so.'),
  reason: string(5, 'Why, in one word.'),
  message: string(6, 'Why, in a sentence.'),
}) {}

export class ModifyVolumeStatus extends message("How far a change of the volume's attributes is.", {
  targetVolumeAttributesClassName: string(1, 'The class of attributes that the volume is changed to.'),
  status: required(string(2, '`Pending`, `InProgress` or `Infeasible`.')),
}) {}

export class PersistentVolumeClaimStatus extends message('What storage a claim has.', {
  phase: string(1, 'Whether a volume is bound to it: `Pending`, `Bound` or `Lost`.'),
  accessModes: list(2, 'How many nodes and pods the volume can serve, and whether to write.', string(0, '')),
  capacity: map(3, 'How large the volume is.', quantity(0, '')),
  conditions: listMap(4, 'How it does, aspect by aspect.', ['type'], PersistentVolumeClaimCondition, {
    patchMergeKey: 'type',
  }),
  allocatedResources: map(5, 'How large the volume is to become.', quantity(0, '')),
  allocatedResourceStatuses: map(7, 'How far the growing of each resource is.', string(0, '')),
  currentVolumeAttributesClassName: pointer(string(8, 'The class of attributes that the volume has.')),
  modifyVolumeStatus: pointer(of(9, "How far a change of the volume's attributes is.", ModifyVolumeStatus)),
}) {}

export class PersistentVolumeClaim extends message(
  'Asks for storage, which pods of its namespace then use by its name.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    spec: present(of(2, 'What is wanted.', PersistentVolumeClaimSpec)),
    status: present(of(3, 'What is.', PersistentVolumeClaimStatus)),
  },
) {}
