import {
  bool,
  inlined,
  list,
  map,
  message,
  of,
  oneOf,
  pointer,
  present,
  quantity,
  required,
  string,
  time,
} from '#machinery';
import { NodeSelector } from '../../core/v1/affinity.ts';
import { DeviceConfiguration } from './device-claim.ts';
import { DeviceToleration } from './device-traits.ts';

export class DeviceRequestAllocationResult extends message('A device that was given to a request.', {
  request: required(string(1, 'The request, with the way it was satisfied where there were several.')),
  driver: required(string(2, 'The driver of the device.')),
  pool: required(string(3, 'Its pool.')),
  device: required(string(4, 'Its name.')),
  adminAccess: pointer(bool(5, 'Whether it may only be looked at.')),
  tolerations: list(6, 'The taints that the request puts up with.', DeviceToleration),
  bindingConditions: list(7, 'Conditions that have to be true before a pod is bound.', string(0, '')),
  bindingFailureConditions: list(
    8,
    'Conditions of which one that is true means that a pod can not be bound.',
    string(0, ''),
  ),
  shareID: pointer(string(9, 'Which share of the device it is.')),
  consumedCapacity: map(10, 'How much of the capacity it takes.', quantity(0, '')),
}) {}

export class DeviceAllocationConfiguration extends message('Settings for devices that were given.', {
  source: required(oneOf(1, 'Where they come from.', ['FromClaim', 'FromClass'])),
  requests: list(2, 'The requests that they are for; all by default.', string(0, '')),
  ...inlined(3, DeviceConfiguration),
}) {}

export class DeviceAllocationResult extends message('The devices that were given.', {
  results: list(1, 'The devices.', DeviceRequestAllocationResult),
  config: list(2, 'Settings for them.', DeviceAllocationConfiguration),
}) {}

export class AllocationResult extends message('What a claim was given.', {
  devices: present(of(1, 'The devices.', DeviceAllocationResult)),
  nodeSelector: pointer(of(3, 'The nodes that can use them; all by default.', NodeSelector)),
  allocationTimestamp: pointer(time(5, 'When they were given.')),
}) {}
