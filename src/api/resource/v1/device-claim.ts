import { inlined, list, message, of, pointer, raw, required, string } from '#machinery';
import { DeviceRequest } from './device-request.ts';

export class DeviceConstraint extends message('What devices of several requests have to have in common, or not.', {
  requests: list(1, 'The requests; all by default.', string(0, '')),
  matchAttribute: pointer(string(2, 'The attribute that has to be equal.')),
  distinctAttribute: pointer(string(3, 'The attribute that has to differ.')),
}) {}

export class OpaqueDeviceConfiguration extends message('Settings that only the driver understands.', {
  driver: required(string(1, 'The driver.')),
  parameters: required(raw(2, 'The settings.', 'rawExtension')),
}) {}

export class DeviceConfiguration extends message('Settings for devices.', {
  opaque: pointer(of(1, 'Settings that only the driver understands.', OpaqueDeviceConfiguration)),
}) {}

export class DeviceClaimConfiguration extends message('Settings for the devices of some requests.', {
  requests: list(1, 'The requests; all by default.', string(0, '')),
  ...inlined(2, DeviceConfiguration),
}) {}

export class DeviceClaim extends message('The devices that are wanted.', {
  requests: list(1, 'What is wanted.', DeviceRequest, { emitEmpty: true }),
  constraints: list(2, 'What the devices have to have in common.', DeviceConstraint),
  config: list(3, 'Settings for them.', DeviceClaimConfiguration),
}) {}
