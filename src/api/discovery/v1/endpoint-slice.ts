import { bool, int32, list, map, message, of, oneOf, pointer, present, required, set, string } from '#machinery';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EndpointConditions extends message('How an endpoint does.', {
  ready: pointer(bool(1, 'Whether traffic should go there.')),
  serving: pointer(bool(2, 'As `ready`, but also told of endpoints that are ending.')),
  terminating: pointer(bool(3, 'Whether it is ending.')),
}) {}

export class ForZone extends message('A zone that should use an endpoint.', {
  name: required(string(1, "The zone's name.", { minLength: 0 })),
}) {}

export class ForNode extends message('A node that should use an endpoint.', {
  name: required(string(1, "The node's name.", { minLength: 0 })),
}) {}

export class EndpointHints extends message('Who should use an endpoint.', {
  forZones: list(1, 'Which zones.', ForZone),
  forNodes: list(2, 'Which nodes.', ForNode),
}) {}

export class Endpoint extends message("A place where a Service's traffic may go.", {
  addresses: required(set(1, 'Its addresses, which are all the same place. Only the first is used.', string(0, ''))),
  conditions: of(2, 'How it does.', EndpointConditions),
  hostname: pointer(string(3, 'Its name below that of the Service.')),
  targetRef: pointer(of(4, 'The pod.', ObjectReference)),
  deprecatedTopology: map(5, 'No longer written.', string(0, '')),
  nodeName: pointer(string(6, 'The node it is on.')),
  zone: pointer(string(7, 'The zone it is in.')),
  hints: pointer(of(8, 'Who should use it.', EndpointHints)),
}) {}

export class EndpointPort extends message(
  'A port of the endpoints.',
  {
    name: pointer(string(1, "The name of the Service's port.")),
    protocol: pointer(string(2, 'The layer-4 protocol.', { enum: ['TCP', 'UDP', 'SCTP'] })),
    port: pointer(int32(3, 'The port on the endpoints; absent for all ports.')),
    appProtocol: pointer(string(4, 'The protocol above it.')),
  },
  { mapType: 'atomic' },
) {}

export class EndpointSlice extends message(
  'Some of the endpoints of a Service, which its label `kubernetes.io/service-name` names.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    addressType: required(oneOf(4, 'What the addresses are. It never changes.', ['IPv4', 'IPv6', 'FQDN'])),
    endpoints: list(2, 'The endpoints, 1,000 at most.', Endpoint, { emitEmpty: true }),
    ports: list(3, 'The ports that all of them have.', EndpointPort, { emitEmpty: true }),
  },
) {}
