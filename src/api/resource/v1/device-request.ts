import { bool, int64, list, map, message, of, oneOf, pointer, quantity, required, string } from '#machinery';
import { DeviceToleration } from './device-traits.ts';

export class CELDeviceSelector extends message('An expression that is true of devices.', {
  expression: required(string(1, 'The expression, in CEL.')),
}) {}

export class DeviceSelector extends message('Which devices will do.', {
  cel: pointer(of(1, 'An expression.', CELDeviceSelector)),
}) {}

export class CapacityRequirements extends message("How much of a device's capacity is needed.", {
  requests: map(1, 'How much, by name.', quantity(0, '')),
}) {}

export class DeviceSubRequest extends message('One of several ways to satisfy a request.', {
  name: required(string(1, 'Its name, unique in the request.')),
  deviceClassName: required(string(2, 'The class that the devices are of.')),
  selectors: list(3, 'Which devices will do; all of these have to be true.', DeviceSelector),
  allocationMode: oneOf(4, 'Whether all devices that will do are wanted, or a number of them; a number by default.', [
    'All',
    'ExactCount',
  ]),
  count: int64(5, 'How many; 1 by default.'),
  tolerations: list(6, 'Taints that are put up with.', DeviceToleration),
  capacity: pointer(of(7, 'How much of each is needed.', CapacityRequirements)),
}) {}

export class ExactDeviceRequest extends message('Devices that are wanted.', {
  deviceClassName: required(string(1, 'The class that the devices are of.')),
  selectors: list(2, 'Which devices will do; all of these have to be true.', DeviceSelector),
  allocationMode: oneOf(3, 'Whether all devices that will do are wanted, or a number of them; a number by default.', [
    'All',
    'ExactCount',
  ]),
  count: int64(4, 'How many; 1 by default.'),
  adminAccess: pointer(
    bool(5, 'Whether to look at devices that are in use; only in namespaces that are marked for it.'),
  ),
  tolerations: list(6, 'Taints that are put up with.', DeviceToleration),
  capacity: pointer(of(7, 'How much of each is needed.', CapacityRequirements)),
}) {}

export class DeviceRequest extends message('Something that is wanted.', {
  name: required(string(1, 'Its name, unique in the claim.')),
  exactly: pointer(of(2, 'The devices.', ExactDeviceRequest)),
  firstAvailable: list(3, 'Ways to satisfy it, of which the first that is possible is taken.', DeviceSubRequest),
}) {}
