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

export class ServicePort extends message('A port of a Service.', {
  name: string(1, 'A DNS label, unique in the Service; needed where there are several ports.', { format: 'dnsLabel' }),
  protocol: string(2, 'The layer-4 protocol.', { enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' }),
  appProtocol: pointer(string(6, 'The protocol above it, such as `kubernetes.io/h2c`.')),
  port: required(int32(3, "The port on the Service's address.")),
  targetPort: intOrString(4, 'The port on the pods, by number or name; the same as `port` by default.'),
  nodePort: int32(5, 'The port on every node; given by the API server where it is not told.'),
}) {}

export class ClientIPConfig extends message('How long a client stays with its pod.', {
  timeoutSeconds: pointer(int32(1, 'For this long after its last connection; three hours by default.')),
}) {}

export class SessionAffinityConfig extends message('How a client stays with its pod.', {
  clientIP: pointer(of(1, 'By its address.', ClientIPConfig)),
}) {}

export class ServiceSpec extends message('Which pods are meant, and how they are reached.', {
  ports: listMap(1, 'The ports that lead to the pods.', ['port', 'protocol'], ServicePort, { patchMergeKey: 'port' }),
  selector: map(2, 'The labels of the pods. Without it, somebody else writes the endpoints.', string(0, ''), {
    atomic: true,
  }),
  clusterIP: string(3, 'The address inside the cluster; given by the API server, `None` for a headless Service.'),
  clusterIPs: list(
    18,
    'The addresses inside the cluster, one of each family; the first is `clusterIP`.',
    string(0, ''),
  ),
  type: string(
    4,
    'How it is reached: inside the cluster only, also on every node, also from a load balancer, or under another name.',
    { enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] },
  ),
  externalIPs: list(
    5,
    'Addresses at which the nodes accept traffic for it too; who routes it there is not told.',
    string(0, ''),
  ),
  sessionAffinity: oneOf(7, 'Whether a client stays with its pod.', ['ClientIP', 'None']),
  loadBalancerIP: string(8, 'The address wanted of the load balancer, which may not heed it.'),
  loadBalancerSourceRanges: list(9, 'Who may come by the load balancer; everybody by default.', string(0, '')),
  externalName: string(10, 'The name that it stands for, with type `ExternalName`.'),
  externalTrafficPolicy: oneOf(
    11,
    "Whether traffic from outside goes to any pod, or only to those of the node it came to, with the client's address kept.",
    ['Cluster', 'Local'],
  ),
  healthCheckNodePort: int32(12, 'The port on which nodes tell load balancers whether they have such pods.'),
  publishNotReadyAddresses: bool(13, 'Whether pods that are not ready count too.'),
  sessionAffinityConfig: pointer(of(14, 'How a client stays with its pod.', SessionAffinityConfig)),
  ipFamilies: list(19, 'The address families, in order.', oneOf(0, '', ['IPv4', 'IPv6'])),
  ipFamilyPolicy: pointer(
    oneOf(17, 'Whether one family is used, or both where there are, or both.', [
      'SingleStack',
      'PreferDualStack',
      'RequireDualStack',
    ]),
  ),
  allocateLoadBalancerNodePorts: pointer(
    bool(20, "Whether a load balancer's Service gets node ports; true by default."),
  ),
  loadBalancerClass: pointer(string(21, 'Who makes the load balancer.')),
  internalTrafficPolicy: pointer(
    oneOf(22, 'Whether traffic from inside goes to any pod, or only to those of the same node.', ['Cluster', 'Local']),
  ),
  trafficDistribution: pointer(string(23, 'Which pods are preferred, such as those of the same zone or node.')),
}) {}

export class PortStatus extends message('How a port of a load balancer does.', {
  port: required(int32(1, 'The port.')),
  protocol: required(string(2, 'The layer-4 protocol.', { enum: ['TCP', 'UDP', 'SCTP'] })),
  error: pointer(string(3, 'What went wrong, in one word.')),
}) {}

export class LoadBalancerIngress extends message('Where a load balancer is reached.', {
  ip: string(1, 'Its address.'),
  hostname: string(2, 'Its name.'),
  ipMode: pointer(string(3, "Whether its traffic comes with its address (`VIP`) or the node's (`Proxy`).")),
  ports: list(4, 'How its ports do.', PortStatus),
}) {}

export class LoadBalancerStatus extends message('What is known of a load balancer.', {
  ingress: list(1, 'Where it is reached.', LoadBalancerIngress),
}) {}

export class ServiceStatus extends message('How a Service does.', {
  loadBalancer: of(1, 'What is known of its load balancer.', LoadBalancerStatus),
  conditions: listMap(2, 'How it does, aspect by aspect.', ['type'], Condition, { patchMergeKey: 'type' }),
}) {}

export class Service extends message('An address and a name under which pods are reached, wherever they are.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ServiceSpec)),
  status: present(of(3, 'What is.', ServiceStatus)),
}) {}
