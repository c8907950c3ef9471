import { bool, list, map, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { TopologySelectorTerm } from '../../core/v1/topology-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class StorageClass extends message('A kind of storage, and who makes volumes of it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  provisioner: required(string(2, 'Who makes the volumes.')),
  parameters: map(3, 'What the provisioner is told.', string(0, '')),
  reclaimPolicy: pointer(oneOf(4, 'What becomes of a volume when its claim is gone.', ['Delete', 'Retain'])),
  mountOptions: list(5, 'What the volumes are mounted with; not checked.', string(0, '')),
  allowVolumeExpansion: pointer(bool(6, 'Whether a claim may ask for more later.')),
  volumeBindingMode: pointer(
    oneOf(7, 'Whether a claim gets its volume at once, or when a pod needs it.', ['Immediate', 'WaitForFirstConsumer']),
  ),
  allowedTopologies: list(8, 'The parts of the cluster where volumes may be made.', TopologySelectorTerm),
}) {}
