import { message, of, present, required } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { DeviceClaim } from './device-claim.ts';
import { ResourceClaimStatus } from './resource-claim-status.ts';

export class ResourceClaimSpec extends message('What is wanted. It never changes.', {
  devices: present(of(1, 'The devices.', DeviceClaim)),
}) {}

export class ResourceClaim extends message('Asks for devices, which pods may use then.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', ResourceClaimSpec)),
  status: present(of(3, 'What became of it.', ResourceClaimStatus)),
}) {}
