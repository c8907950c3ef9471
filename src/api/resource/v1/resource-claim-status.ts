import { list, listMap, message, of, pointer, raw, required, string } from '#machinery';
import { Condition } from '../../meta/v1/condition.ts';
import { AllocationResult } from './allocation-result.ts';

export class ResourceClaimConsumerReference extends message('Who may use a claim.', {
  apiGroup: string(1, 'The API group of its resource.'),
  resource: required(string(3, 'Its resource, such as `pods`.')),
  name: required(string(4, 'Its name.')),
  uid: required(string(5, 'Its identity.')),
}) {}

export class NetworkDeviceData extends message('How a network device was set up.', {
  interfaceName: string(1, 'The name of its interface.'),
  ips: list(2, 'Its addresses, with the length of the prefix.', string(0, '')),
  hardwareAddress: string(3, 'Its hardware address.'),
}) {}

export class AllocatedDeviceStatus extends message('What the driver says of a device that was given.', {
  driver: required(string(1, 'The driver.')),
  pool: required(string(2, 'The pool of the device.')),
  device: required(string(3, 'Its name.')),
  shareID: pointer(string(7, 'Which share of the device it is.')),
  conditions: listMap(4, 'How it does, aspect by aspect.', ['type'], Condition, { emitEmpty: true }),
  data: pointer(raw(5, 'What only the driver understands.', 'rawExtension')),
  networkData: pointer(of(6, 'How it was set up, where it is a network device.', NetworkDeviceData)),
}) {}

export class ResourceClaimStatus extends message('What became of a claim.', {
  allocation: pointer(of(1, 'What it was given; it is not, as long as it waits.', AllocationResult)),
  reservedFor: listMap(2, 'Who may use it.', ['uid'], ResourceClaimConsumerReference, { patchMergeKey: 'uid' }),
  devices: listMap(
    4,
    'What drivers say of its devices.',
    ['driver', 'device', 'pool', 'shareID'],
    AllocatedDeviceStatus,
  ),
}) {}
