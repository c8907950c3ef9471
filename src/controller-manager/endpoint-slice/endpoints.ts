import { isIP } from 'node:net';
import type { ContainerPort, EndpointSlice, Node, Pod, Service, ServicePort } from '#api';
import { nameOf, namespaceOf, uidOf } from '#machinery';
import { isPodEnded, isPodReady } from '../pods.ts';

export type AddressType = 'IPv4' | 'IPv6';
export type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
/** Of slices; the older Endpoints have a type of the same name. */
export type EndpointPort = NonNullable<EndpointSlice['ports']>[number];

/** Endpoints of a service that share ports: what one or more slices will hold. */
export interface Group {
  addressType: AddressType;
  ports: EndpointPort[];
  endpoints: Endpoint[];
}

/** The kinds of addresses that the service's slices have. */
export function addressTypesOf({ spec }: Service): AddressType[] {
  const families = spec.ipFamilies ?? [];
  if (families.length > 0) return families.map((family) => (family === 'IPv6' ? 'IPv6' : 'IPv4'));
  return [isIP(spec.clusterIP ?? '') === 6 ? 'IPv6' : 'IPv4'];
}

/** Sorts the pods of a service into groups by address type and by the ports that they serve it on. */
export function groupsOf(service: Service, pods: readonly Pod[], nodeOf: (name: string) => Node | undefined): Group[] {
  const groups = new Map<string, Group>();
  for (const addressType of addressTypesOf(service)) {
    for (const pod of pods) {
      if (isPodEnded(pod)) continue;
      const endpoint = endpointOf(service, pod, addressType, nodeOf(pod.spec.nodeName ?? ''));
      if (!endpoint) continue;
      const ports = portsOf(service, pod);
      const id = groupId(addressType, ports);
      const group = groups.get(id) ?? { addressType, ports, endpoints: [] };
      group.endpoints.push(endpoint);
      groups.set(id, group);
    }
  }
  return [...groups.values()];
}

/** Slices with the same id can take one another's endpoints. */
export function groupId(addressType: string | undefined, ports: readonly EndpointPort[] | undefined): string {
  const told = (ports ?? []).map(({ name = '', port = 0, protocol = 'TCP', appProtocol = '' }) =>
    [name, port, protocol, appProtocol].join('|'),
  );
  return [addressType, ...told.sort()].join(' ');
}

/** The pod as an endpoint; undefined while it has no address of this type. */
function endpointOf(service: Service, pod: Pod, type: AddressType, node: Node | undefined): Endpoint | undefined {
  const address = addressOf(pod, type);
  if (address === undefined) return undefined;
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = (service.spec.publishNotReadyAddresses ?? false) || (serving && !terminating);
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  const { hostname, subdomain, nodeName } = pod.spec;
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname && subdomain === nameOf(service) && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    ...(zone && { zone }),
  };
}

function addressOf({ status }: Pod, type: AddressType): string | undefined {
  const addresses = status.podIPs?.map(({ ip }) => ip ?? '') ?? [status.podIP ?? ''];
  return addresses.find((address) => isIP(address) === (type === 'IPv6' ? 6 : 4));
}

/** The service's ports on this pod; a named target port that the pod does not have is left out. */
export function portsOf({ spec }: Service, pod: Pod): EndpointPort[] {
  return (spec.ports ?? []).flatMap((port) => {
    const number = targetPortOf(port, pod);
    if (number === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol && { appProtocol }) }];
  });
}

function targetPortOf({ port, targetPort, protocol = 'TCP' }: ServicePort, pod: Pod): number | undefined {
  if (targetPort === undefined || targetPort === 0 || targetPort === '') return port;
  if (typeof targetPort === 'number') return targetPort;
  return containerPortsOf(pod).find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol)
    ?.containerPort;
}

/** Init containers that run on (sidecars) serve ports too. */
function containerPortsOf({ spec }: Pod): ContainerPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...spec.containers, ...sidecars].flatMap(({ ports }) => ports ?? []);
}
