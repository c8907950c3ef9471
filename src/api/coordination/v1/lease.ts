import { int32, message, microTime, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class LeaseSpec extends message('LeaseSpec.', {
  holderIdentity: pointer(string(1, 'The holder identity.')),
  leaseDurationSeconds: pointer(int32(2, 'The lease duration seconds.')),
  acquireTime: pointer(microTime(3, 'The acquire time.')),
  renewTime: pointer(microTime(4, 'The renew time.')),
  leaseTransitions: pointer(int32(5, 'The lease transitions.')),
  strategy: pointer(string(6, 'The strategy.')),
  preferredHolder: pointer(string(7, 'The preferred holder.')),
}) {}

export class Lease extends message('Lease.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', LeaseSpec)),
}) {}
