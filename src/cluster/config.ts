import { readTextIfExists, writeFileAtomic } from '#base';
import type { ClusterPaths } from './paths.ts';

/** A node of a cluster on this machine. */
export interface NodeConfig {
  name: string;
  /** Its address on the cluster's bridge. */
  ip: string;
}

/** What says which objects are sealed in the store (`--encryption-provider-config`). */
export interface EncryptionConfig {
  file: string;
  /** The file is followed as it changes. */
  automaticReload: boolean;
  /** Of what it said when `kedge up` was last told of it. */
  hash: string;
}

/** When snapshots of the store are saved, where, and how many are kept. */
export interface SnapshotConfig {
  directory: string;
  intervalMs: number;
  retention: number;
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
  /** Absent: nothing is sealed. */
  encryption?: EncryptionConfig;
  /** Absent: none are saved by themselves. */
  snapshots?: SnapshotConfig;
  /** Where it has several servers, they and the members of their etcd; else one server with a store of its own. */
  servers?: ServersConfig;
}

/** Processes in network namespaces of their own, as nodes are. */
export interface ServersConfig {
  etcd: NodeConfig[];
  servers: NodeConfig[];
}

/** Everything that has a network namespace. */
export function hostsOf({ nodes, servers }: Pick<ClusterConfig, 'nodes' | 'servers'>): NodeConfig[] {
  return [...nodes, ...(servers ? [...servers.etcd, ...servers.servers] : [])];
}

/** What suffices to find a cluster's traces on the machine. */
export interface ClusterTraces {
  bridge: string;
  nodes: { name: string }[];
}

/** `1 node`, `3 nodes`. */
export function nodesOf({ nodes }: ClusterConfig): string {
  return `${nodes.length} node${nodes.length === 1 ? '' : 's'}`;
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

/** The configuration of a cluster that must be there. */
export async function requireConfig(paths: ClusterPaths): Promise<ClusterConfig> {
  const config = await readConfig(paths);
  if (config) return config;
  throw new Error(`there is no cluster "${paths.name}" in ${paths.home}: "kedge status" lists those that are`);
}

export async function writeConfig(paths: ClusterPaths, config: ClusterConfig): Promise<void> {
  await writeFileAtomic(paths.config, `${JSON.stringify(config, undefined, 2)}\n`);
}
