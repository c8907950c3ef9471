import {
  bool,
  int32,
  intOrString,
  list,
  listMap,
  map,
  message,
  of,
  oneOf,
  pointer,
  present,
  required,
  string,
} from '#machinery';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ServicePort extends message('ServicePort.', {
  name: string(1, 'The name.', { format: 'dnsLabel' }),
  protocol: string(2, 'The protocol.', { enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' }),
  appProtocol: pointer(string(6, 'The app protocol.')),
  port: required(int32(3, 'The port.')),
  targetPort: intOrString(4, 'The target port.'),
  nodePort: int32(5, 'The node port.'),
}) {}

export class ClientIPConfig extends message('ClientIPConfig.', {
  timeoutSeconds: pointer(int32(1, 'The timeout seconds.')),
}) {}

export class SessionAffinityConfig extends message('SessionAffinityConfig.', {
  clientIP: pointer(of(1, 'The client ip.', ClientIPConfig)),
}) {}

export class ServiceSpec extends message('ServiceSpec.', {
  ports: listMap(1, 'The ports.', ['port', 'protocol'], ServicePort, { patchMergeKey: 'port' }),
  selector: map(2, 'The selector.', string(0, ''), { atomic: true }),
  clusterIP: string(3, 'The cluster ip.'),
  clusterIPs: list(18, 'The cluster ips.', string(0, '')),
  type: string(4, 'The type.', { enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] }),
  externalIPs: list(5, 'The external ips.', string(0, '')),
  sessionAffinity: oneOf(7, 'The session affinity.', ['ClientIP', 'None']),
  loadBalancerIP: string(8, 'The load balancer ip.'),
  loadBalancerSourceRanges: list(9, 'The load balancer source ranges.', string(0, '')),
  externalName: string(10, 'The external name.'),
  externalTrafficPolicy: oneOf(11, 'The external traffic policy.', ['Cluster', 'Local']),
  healthCheckNodePort: int32(12, 'The health check node port.'),
  publishNotReadyAddresses: bool(13, 'The publish not ready addresses.'),
  sessionAffinityConfig: pointer(of(14, 'The session affinity config.', SessionAffinityConfig)),
  ipFamilies: list(19, 'The ip families.', oneOf(0, '', ['IPv4', 'IPv6'])),
  ipFamilyPolicy: pointer(oneOf(17, 'The ip family policy.', ['SingleStack', 'PreferDualStack', 'RequireDualStack'])),
  allocateLoadBalancerNodePorts: pointer(bool(20, 'The allocate load balancer node ports.')),
  loadBalancerClass: pointer(string(21, 'The load balancer class.')),
  internalTrafficPolicy: pointer(oneOf(22, 'The internal traffic policy.', ['Cluster', 'Local'])),
  trafficDistribution: pointer(string(23, 'The traffic distribution.')),
}) {}

export class PortStatus extends message('PortStatus.', {
  port: required(int32(1, 'The port.')),
  protocol: required(string(2, 'The protocol.', { enum: ['TCP', 'UDP', 'SCTP'] })),
  error: pointer(string(3, 'The error.')),
}) {}

export class LoadBalancerIngress extends message('LoadBalancerIngress.', {
  ip: string(1, 'The ip.'),
  hostname: string(2, 'The hostname.'),
  ipMode: pointer(string(3, 'The ip mode.')),
  ports: list(4, 'The ports.', PortStatus),
}) {}

export class LoadBalancerStatus extends message('LoadBalancerStatus.', {
  ingress: list(1, 'The ingress.', LoadBalancerIngress),
}) {}

export class ServiceStatus extends message('ServiceStatus.', {
  loadBalancer: of(1, 'The load balancer.', LoadBalancerStatus),
  conditions: listMap(2, 'The conditions.', ['type'], Condition, { patchMergeKey: 'type' }),
}) {}

export class Service extends message('Service.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ServiceSpec)),
  status: present(of(3, 'What is.', ServiceStatus)),
}) {}
