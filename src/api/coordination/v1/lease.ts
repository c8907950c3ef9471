import { int32, message, microTime, of, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class LeaseSpec extends message('Who holds a lease, and for how long.', {
  holderIdentity: pointer(string(1, 'The holder.')),
  leaseDurationSeconds: pointer(int32(2, 'How long others wait after the last renewal.')),
  acquireTime: pointer(microTime(3, 'When the holder got it.')),
  renewTime: pointer(microTime(4, 'When the holder last renewed it.')),
  leaseTransitions: pointer(int32(5, 'How often it changed hands.')),
  strategy: pointer(string(6, 'How the next holder is chosen.')),
  preferredHolder: pointer(string(7, 'Who is to have it next.')),
}) {}

export class Lease extends message('Something that one at a time may hold: the lead, or a sign of life.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', LeaseSpec)),
}) {}
