import { int32, list, message, of, pointer, present, required, string } from '#machinery';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EndpointAddress extends message(
  'A pod, or another place, that serves.',
  {
    ip: required(string(1, 'Its address.', { minLength: 0 })),
    hostname: string(3, 'Its name below that of the Service.'),
    nodeName: pointer(string(4, 'The node it is on.')),
    targetRef: pointer(of(2, 'The pod.', ObjectReference)),
  },
  { mapType: 'atomic' },
) {}

export class EndpointPort extends message(
  'A port of the addresses.',
  {
    name: string(1, "The name of the Service's port."),
    port: required(int32(2, 'The port on the addresses.')),
    protocol: string(3, 'The layer-4 protocol.', { enum: ['TCP', 'UDP', 'SCTP'] }),
    appProtocol: pointer(string(4, 'The protocol above it.')),
  },
  { mapType: 'atomic' },
) {}

export class EndpointSubset extends message('Addresses that have the same ports.', {
  addresses: list(1, 'Those that are ready.', EndpointAddress),
  notReadyAddresses: list(2, 'Those that are not.', EndpointAddress),
  ports: list(3, 'The ports.', EndpointPort),
}) {}

export class Endpoints extends message("Where a Service's traffic goes. EndpointSlice has taken its place.", {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  subsets: list(2, 'The addresses, by their ports.', EndpointSubset),
}) {}
