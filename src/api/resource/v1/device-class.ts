import { inlined, list, message, of, pointer, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { DeviceConfiguration } from './device-claim.ts';
import { DeviceSelector } from './device-request.ts';

export class DeviceClassConfiguration extends message('Settings for all devices of a class.', {
  ...inlined(1, DeviceConfiguration),
}) {}

export class DeviceClassSpec extends message('Which devices are of a class, and their settings.', {
  selectors: list(1, 'Which devices are of it; all of these have to be true.', DeviceSelector),
  config: list(2, 'Settings for them.', DeviceClassConfiguration),
  extendedResourceName: pointer(string(4, 'The extended resource by which pods can ask for a device of it.')),
}) {}

export class DeviceClass extends message('A kind of device that claims can ask for.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', DeviceClassSpec)),
}) {}
