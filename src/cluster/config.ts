import { isIPv4 } from 'node:net';
import { readTextIfExists, writeFileAtomic } from '#base';
import type { ClusterPaths } from './paths.ts';

/** A node of a cluster on this machine. */
export interface NodeConfig {
  name: string;
  /** Its address on the cluster's bridge. */
  ip: string;
}

/** What a cluster is, as written to `cluster.json` when it is first brought up. */
export interface ClusterConfig {
  name: string;
  nodes: NodeConfig[];
  podCidr: string;
  serviceCidr: string;
  apiPort: number;
  /** The bridge that joins the nodes, and the machine's own address on it. */
  bridge: string;
  bridgeIp: string;
  bridgePrefix: number;
}

/** What a user asked of `kedge up`; what is absent stays as it is or gets its default. */
export interface ClusterRequest {
  nodes?: number;
  podCidr?: string;
  serviceCidr?: string;
  apiPort?: number;
}

export const defaults = { nodes: 1, podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', apiPort: 6443 } as const;

/** A name that is fit for a folder, a link and a context: a DNS label of at most 30 characters. */
export function checkClusterName(name: string): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/.test(name)) {
    throw new Error(
      `"${name}" cannot name a cluster: use lower-case letters, digits and "-", at most 30, for example "dev"`,
    );
  }
}

/** Checks a request before anything is touched; throws with what is wrong and what would be right. */
export function checkRequest(request: ClusterRequest): void {
  const { nodes, apiPort, podCidr, serviceCidr } = request;
  if (nodes !== undefined && !(Number.isInteger(nodes) && nodes >= 1 && nodes <= 100)) {
    throw new Error(`--nodes takes a whole number from 1 to 100, not ${nodes}`);
  }
  if (apiPort !== undefined && !(Number.isInteger(apiPort) && apiPort >= 1 && apiPort <= 65535)) {
    throw new Error(`--api-port takes a port from 1 to 65535, not ${apiPort}`);
  }
  const pods = parseCidr('--pod-cidr', podCidr ?? defaults.podCidr);
  const services = parseCidr('--service-cidr', serviceCidr ?? defaults.serviceCidr);
  if (pods.prefix > 22)
    throw new Error(`--pod-cidr ${podCidr} is too small: each node gets a /24 of it, so give it a /22 or larger`);
  if (services.prefix > 24 || services.prefix < 12)
    throw new Error(`--service-cidr ${serviceCidr} must be a /12 to a /24`);
  if (overlap(pods, services))
    throw new Error(
      `--pod-cidr ${podCidr ?? defaults.podCidr} and --service-cidr ${serviceCidr ?? defaults.serviceCidr} overlap`,
    );
}

export interface Cidr {
  /** The first address as a number. */
  base: number;
  prefix: number;
}

/** Reads `10.0.0.0/16`; throws naming the option when it is not that. */
export function parseCidr(option: string, text: string): Cidr {
  const [address = '', prefixText = ''] = text.split('/');
  const prefix = Number(prefixText);
  const base = toNumber(address);
  if (
    !isIPv4(address) ||
    prefixText === '' ||
    !Number.isInteger(prefix) ||
    prefix < 8 ||
    prefix > 30 ||
    base % 2 ** (32 - prefix) !== 0
  ) {
    throw new Error(`${option} takes a network such as 10.244.0.0/16, not "${text}"`);
  }
  return { base, prefix };
}

/** The address at an offset into a network, as text. */
export function addressAt(cidr: Cidr, offset: number): string {
  const value = cidr.base + offset;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + 2 ** (32 - b.prefix) && b.base < a.base + 2 ** (32 - a.prefix);
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The cluster's configuration, or undefined when it was never brought up. Throws when the file is damaged. */
export async function readConfig(paths: ClusterPaths): Promise<ClusterConfig | undefined> {
  const text = await readTextIfExists(paths.config);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ClusterConfig; // written by writeConfig alone
  } catch (error) {
    throw new Error(
      `${paths.config} is damaged: restore it, or remove the cluster with "kedge down --name ${paths.name}"`,
      { cause: error },
    );
  }
}

export async function writeConfig(paths: ClusterPaths, config: ClusterConfig): Promise<void> {
  await writeFileAtomic(paths.config, `${JSON.stringify(config, undefined, 2)}\n`);
}
