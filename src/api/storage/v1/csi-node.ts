import { int32, list, listMap, message, of, pointer, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class VolumeNodeResources extends message('What a node can take of the volumes of a driver.', {
  count: pointer(int32(1, 'How many volumes; no bound by default.')),
}) {}

export class CSINodeDriver extends message('A driver that is installed on a node.', {
  name: required(string(1, "The driver's name.")),
  nodeID: required(string(2, "The driver's own name for the node.")),
  topologyKeys: list(3, 'The labels that tell where the node is, to the driver.', string(0, ''), { emitEmpty: true }),
  allocatable: pointer(of(4, 'What the node can take of its volumes.', VolumeNodeResources)),
}) {}

export class CSINodeSpec extends message('The drivers of a node.', {
  drivers: required(listMap(1, 'The drivers.', ['name'], CSINodeDriver, { patchMergeKey: 'name' })),
}) {}

export class CSINode extends message('The CSI drivers of a node. It has the name of the node, and goes with it.', {
  ...typeMeta,
  metadata: present(of(1, "The node's name, and what else every object has.", ObjectMeta)),
  spec: required(of(2, 'The drivers.', CSINodeSpec)),
}) {}
