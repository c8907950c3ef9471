import { bool, int32, list, map, message, of, oneOf, pointer, present, required, set, string } from '#machinery';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class EndpointConditions extends message('EndpointConditions.', {
  ready: pointer(bool(1, 'The ready.')),
  serving: pointer(bool(2, 'The serving.')),
  terminating: pointer(bool(3, 'The terminating.')),
}) {}

export class ForZone extends message('ForZone.', {
  name: required(string(1, 'The name.')),
}) {}

export class ForNode extends message('ForNode.', {
  name: required(string(1, 'The name.')),
}) {}

export class EndpointHints extends message('EndpointHints.', {
  forZones: list(1, 'The for zones.', ForZone),
  forNodes: list(2, 'The for nodes.', ForNode),
}) {}

export class Endpoint extends message('Endpoint.', {
  addresses: required(set(1, 'The addresses.', string(0, ''))),
  conditions: of(2, 'The conditions.', EndpointConditions),
  hostname: pointer(string(3, 'The hostname.')),
  targetRef: pointer(of(4, 'The target ref.', ObjectReference)),
  deprecatedTopology: map(5, 'The deprecated topology.', string(0, '')),
  nodeName: pointer(string(6, 'The node name.')),
  zone: pointer(string(7, 'The zone.')),
  hints: pointer(of(8, 'The hints.', EndpointHints)),
}) {}

export class EndpointPort extends message(
  'EndpointPort.',
  {
    name: pointer(string(1, 'The name.')),
    protocol: pointer(string(2, 'The protocol.', { enum: ['TCP', 'UDP', 'SCTP'] })),
    port: pointer(int32(3, 'The port.')),
    appProtocol: pointer(string(4, 'The app protocol.')),
  },
  { mapType: 'atomic' },
) {}

export class EndpointSlice extends message('EndpointSlice.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  addressType: required(oneOf(4, 'The address type.', ['IPv4', 'IPv6', 'FQDN'])),
  endpoints: list(2, 'The endpoints.', Endpoint, { emitEmpty: true }),
  ports: list(3, 'The ports.', EndpointPort, { emitEmpty: true }),
}) {}
