import { message, of, pointer, present, quantity, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class CSIStorageCapacity extends message('How much room a driver has left in one part of the cluster.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  nodeTopology: pointer(of(2, 'The nodes that reach that room; none by default.', LabelSelector)),
  storageClassName: required(string(3, 'The storage class that this is about.', { minLength: 0 })),
  capacity: pointer(quantity(4, 'How much there is.')),
  maximumVolumeSize: pointer(quantity(5, 'The largest volume that can be made of it.')),
}) {}
