import { internalError, type KubeObject } from '#machinery';

/** What is read of a Node to reach its kubelet. */
export interface NodeLike extends KubeObject {
  status?: {
    addresses?: { type: string; address: string }[];
    daemonEndpoints?: { kubeletEndpoint?: { Port: number } };
  };
}

export interface Address {
  host: string;
  port: number;
}

const preferred = ['InternalIP', 'Hostname', 'ExternalIP'];

/** Where a node's kubelet listens. Throws InternalError for a node that has not said. */
export function kubeletAddress(node: NodeLike): Address {
  const { addresses = [], daemonEndpoints } = node.status ?? {};
  for (const type of preferred) {
    const found = addresses.find((one) => one.type === type);
    if (found) return { host: found.address, port: daemonEndpoints?.kubeletEndpoint?.Port || 10_250 };
  }
  throw internalError(`no preferred addresses found; known addresses: []`);
}
