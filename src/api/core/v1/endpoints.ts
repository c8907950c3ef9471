import { int32, list, message, of, pointer, present, required, string } from '#machinery';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EndpointAddress extends message(
  'EndpointAddress.',
  {
    ip: required(string(1, 'The ip.')),
    hostname: string(3, 'The hostname.'),
    nodeName: pointer(string(4, 'The node name.')),
    targetRef: pointer(of(2, 'The target ref.', ObjectReference)),
  },
  { mapType: 'atomic' },
) {}

export class EndpointPort extends message(
  'EndpointPort.',
  {
    name: string(1, 'The name.'),
    port: required(int32(2, 'The port.')),
    protocol: string(3, 'The protocol.', { enum: ['TCP', 'UDP', 'SCTP'] }),
    appProtocol: pointer(string(4, 'The app protocol.')),
  },
  { mapType: 'atomic' },
) {}

export class EndpointSubset extends message('EndpointSubset.', {
  addresses: list(1, 'The addresses.', EndpointAddress),
  notReadyAddresses: list(2, 'The not ready addresses.', EndpointAddress),
  ports: list(3, 'The ports.', EndpointPort),
}) {}

export class Endpoints extends message('Endpoints.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  subsets: list(2, 'The subsets.', EndpointSubset),
}) {}
