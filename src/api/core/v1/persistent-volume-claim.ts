import { list, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { TypedLocalObjectReference, TypedObjectReference } from './references.ts';
import { VolumeResourceRequirements } from './resources.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class PersistentVolumeClaimSpec extends message('PersistentVolumeClaimSpec.', {
  accessModes: list(1, 'The access modes.', string(0, '')),
  selector: pointer(of(4, 'The selector.', LabelSelector)),
  resources: of(2, 'The resources.', VolumeResourceRequirements),
  volumeName: string(3, 'The volume name.'),
  storageClassName: pointer(string(5, 'The storage class name.')),
  volumeMode: pointer(oneOf(6, 'The volume mode.', ['Block', 'Filesystem'])),
  dataSource: pointer(of(7, 'The data source.', TypedLocalObjectReference)),
  dataSourceRef: pointer(of(8, 'The data source ref.', TypedObjectReference)),
  volumeAttributesClassName: pointer(string(9, 'The volume attributes class name.')),
}) {}

export class PersistentVolumeClaimTemplate extends message('PersistentVolumeClaimTemplate.', {
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', PersistentVolumeClaimSpec)),
}) {}
