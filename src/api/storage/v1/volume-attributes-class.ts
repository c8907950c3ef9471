import { map, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class VolumeAttributesClass extends message('Attributes of volumes that can be changed later, such as IOPS.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  driverName: required(string(2, 'The CSI driver that knows them.')),
  parameters: map(3, 'The attributes. They never change.', string(0, '')),
}) {}
