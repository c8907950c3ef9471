import { BlockList, isIP } from 'node:net';
import { systemPriorityClasses } from '#api';
import { isStatusError, type KubeObject } from '#machinery';
import type { RequestContext, Rest } from './rest.ts';

/** The namespaces that every cluster has. */
const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export interface DefaultsOptions {
  readonly rest: (group: string, plural: string) => Rest;
  /** Where the API server answers. */
  endpoints: { addresses: readonly string[]; port: number };
  /** The cluster IP of the Service `kubernetes`: the first of the range. */
  clusterIp: string;
  signal: AbortSignal;
}

/** Makes the objects that must be there before anybody asks: namespaces, priority classes, the API server's own Service. */
export async function ensureDefaults({ rest, endpoints, clusterIp, signal }: DefaultsOptions): Promise<void> {
  const context = systemContext(signal);
  const namespaces = rest('', 'namespaces');
  for (const name of systemNamespaces) await ensure(namespaces, context, '', { metadata: { name } });
  const priorityClasses = rest('scheduling.k8s.io', 'priorityclasses');
  for (const { name, ...rest } of systemPriorityClasses) {
    await ensure(priorityClasses, context, '', { metadata: { name }, ...rest });
  }
  const port = { name: 'https', protocol: 'TCP', port: 443, targetPort: endpoints.port };
  const service = {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { type: 'ClusterIP', clusterIP: clusterIp, sessionAffinity: 'None', ports: [port] },
  };
  await ensure(rest('', 'services'), context, 'default', service);
  const reachable = { ...endpoints, addresses: endpoints.addresses.filter((address) => !isLoopback(address)) };
  if (reachable.addresses.length === 0) return;
  await publish(rest('discovery.k8s.io', 'endpointslices'), context, sliceOf(reachable));
  await publish(rest('', 'endpoints'), context, endpointsOf(reachable));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** A loopback address is another machine to each reader, and no endpoint may have one. */
function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function sliceOf({ addresses, port }: DefaultsOptions['endpoints']): Pick<KubeObject, 'metadata'> {
  const slice = {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', protocol: 'TCP', port }],
  };
  return slice;
}

/** The same in the older form; the slice is there, so nobody is to mirror it (`controlplane/reconcilers`). */
function endpointsOf({ addresses, port }: DefaultsOptions['endpoints']): Pick<KubeObject, 'metadata'> {
  const endpoints = {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'https', protocol: 'TCP', port }] }],
  };
  return endpoints;
}

/** Writes where the API server answers, which may have moved since the last start. */
async function publish(rest: Rest, context: RequestContext, object: Pick<KubeObject, 'metadata'>): Promise<void> {
  if (await ensure(rest, context, 'default', object)) return;
  await rest.update(context, 'default', 'kubernetes', object);
}

/** True when the object was not there. */
async function ensure(
  rest: Rest,
  context: RequestContext,
  ns: string,
  object: Pick<KubeObject, 'metadata'>,
): Promise<boolean> {
  try {
    await rest.get(context, ns, object.metadata.name ?? '');
    return false;
  } catch (error) {
    if (!isStatusError(error, 'NotFound')) throw error;
  }
  try {
    await rest.create(context, ns, object);
    return true;
  } catch (error) {
    if (isStatusError(error, 'AlreadyExists')) return false;
    throw error;
  }
}

/** Who writes when the API server itself does. */
export function systemContext(signal: AbortSignal): RequestContext {
  return {
    user: { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
    signal,
    warn: () => {},
    userAgent: 'kube-apiserver',
  };
}
