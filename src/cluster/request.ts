import { overlap, parseCidr, type Cidr } from './cidr.ts';
import { checkSnapshots, type SnapshotRequest } from './snapshot-request.ts';

/** What a user asked of `kedge up`; what is absent stays as it is or gets its default. */
export interface ClusterRequest extends SnapshotRequest {
  nodes?: number;
  servers?: number;
  podCidr?: string;
  serviceCidr?: string;
  apiPort?: number;
  /** The absolute path of an EncryptionConfiguration; '' for none any more. */
  encryptionProviderConfig?: string;
  encryptionProviderConfigAutomaticReload?: boolean;
}

export const defaults = {
  nodes: 1,
  servers: 1,
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  apiPort: 6443,
} as const;

/** Each node gets a network of this prefix for its pods. */
const nodePrefix = 24;

/** Checks a request before anything is touched; throws with what is wrong and what would be right. */
export function checkRequest(request: ClusterRequest): void {
  if (request.encryptionProviderConfigAutomaticReload && !request.encryptionProviderConfig) {
    throw new Error('--encryption-provider-config-automatic-reload must be set with --encryption-provider-config');
  }
  const { nodes = defaults.nodes, apiPort = defaults.apiPort } = request;
  const { podCidr = defaults.podCidr, serviceCidr = defaults.serviceCidr } = request;
  if (!isWhole(nodes, 1, 100)) throw new Error(`--nodes takes a whole number from 1 to 100, not ${nodes}`);
  checkServers(request.servers ?? defaults.servers);
  checkSnapshots(request, request.servers ?? defaults.servers);
  if (!isWhole(apiPort, 1, 65535)) throw new Error(`--api-port takes a port from 1 to 65535, not ${apiPort}`);
  const pods = parseCidr('--pod-cidr', podCidr);
  const services = parseCidr('--service-cidr', serviceCidr);
  checkRoomForNodes(pods, podCidr, nodes);
  if (!isWhole(services.prefix, 12, 24)) throw new Error(`--service-cidr takes a /12 to a /24, not ${serviceCidr}`);
  if (overlap(pods, services))
    throw new Error(`--pod-cidr ${podCidr} and --service-cidr ${serviceCidr} overlap: give two networks that do not`);
}

/** A majority of an even number is no smaller than that of the next odd one. */
function checkServers(servers: number): void {
  if (![1, 3, 5].includes(servers)) throw new Error(`--servers takes 1, 3 or 5, not ${servers}`);
}

function checkRoomForNodes(pods: Cidr, podCidr: string, nodes: number): void {
  const needed = nodePrefix - Math.ceil(Math.log2(nodes));
  if (pods.prefix <= needed) return;
  const many = nodes === 1 ? `a node with a /${nodePrefix}` : `${nodes} nodes with a /${nodePrefix} each`;
  throw new Error(`--pod-cidr ${podCidr} is too small for ${many}: give a /${needed} or larger`);
}

function isWhole(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}
