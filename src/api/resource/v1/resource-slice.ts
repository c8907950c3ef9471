import { bool, int64, list, message, of, pointer, present, required, string } from '#machinery';
import { NodeSelector } from '../../core/v1/affinity.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { CounterSet } from './device-capacity.ts';
import { Device } from './device.ts';

export class ResourcePool extends message('Slices that belong together.', {
  name: required(string(1, 'The name of the pool.')),
  generation: required(int64(2, 'Counts the changes of the pool; slices of older ones are ignored.')),
  resourceSliceCount: required(int64(3, 'How many slices the pool has.')),
}) {}

export class ResourceSliceSpec extends message('Which devices there are, and who can use them.', {
  driver: required(string(1, 'The driver of the devices. It never changes.')),
  pool: required(of(2, 'The pool that they belong to.', ResourcePool)),
  nodeName: pointer(string(3, 'The node that can use them. It never changes.')),
  nodeSelector: pointer(of(4, 'The nodes that can use them.', NodeSelector)),
  allNodes: pointer(bool(5, 'Whether all nodes can use them.')),
  devices: list(6, 'The devices.', Device),
  perDeviceNodeSelection: pointer(bool(7, 'Whether each device tells the nodes by itself.')),
  sharedCounters: list(8, 'What devices of the pool share.', CounterSet),
}) {}

export class ResourceSlice extends message('Some of the devices that a driver offers.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What there is.', ResourceSliceSpec)),
}) {}
