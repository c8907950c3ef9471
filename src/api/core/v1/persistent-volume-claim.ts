import { list, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { TypedLocalObjectReference, TypedObjectReference } from './references.ts';
import { VolumeResourceRequirements } from './resources.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

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
