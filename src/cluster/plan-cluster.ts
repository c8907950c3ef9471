import { createServer } from 'node:net';
import { once } from 'node:events';
import { hasCode } from '#base';
import { addressAt, parseCidr, type Cidr } from './cidr.ts';
import type { ClusterConfig, NodeConfig, ServersConfig } from './config.ts';
import { bridgeName, freeBridgeNetwork, nodeAddress } from './host/network.ts';
import type { Machine } from './machine.ts';
import { defaults, type ClusterRequest } from './request.ts';

/** The configuration of a cluster that is brought up for the first time. */
export async function planCluster(machine: Machine, name: string, request: ClusterRequest): Promise<ClusterConfig> {
  const podCidr = request.podCidr ?? defaults.podCidr;
  const serviceCidr = request.serviceCidr ?? defaults.serviceCidr;
  const network = await freeBridgeNetwork([parseCidr('--pod-cidr', podCidr), parseCidr('--service-cidr', serviceCidr)]);
  const count = request.nodes ?? defaults.nodes;
  const servers = request.servers ?? defaults.servers;
  return {
    name,
    nodes: Array.from({ length: count }, (_, at) => ({ name: nodeName(name, at), ip: nodeAddress(network, at) })),
    podCidr,
    serviceCidr,
    apiPort: await freePort(request.apiPort ?? defaults.apiPort),
    bridge: bridgeName(machine.home, name),
    bridgeIp: addressAt(network, 1),
    bridgePrefix: network.prefix,
    ...(servers > 1 && { servers: planServers(network, servers) }),
  };
}

/** `kedge-1`, `kedge-2`: also the name of a node's network namespace and log. */
function nodeName(cluster: string, index: number): string {
  return `${cluster}-${index + 1}`;
}

/** Several servers, and as many members of their etcd, behind the nodes on the bridge. */
function planServers(network: Cidr, count: number): ServersConfig {
  const hosts = (kind: string, first: number): NodeConfig[] =>
    Array.from({ length: count }, (_, at) => ({ name: `${kind}-${at + 1}`, ip: addressAt(network, first + at) }));
  return { etcd: hosts('etcd', 201), servers: hosts('server', 211) };
}

/** What of a request differs from the cluster that is there, in words; a cluster keeps what it was made with. */
export function differences(config: ClusterConfig, request: ClusterRequest): string[] {
  const told: [string, unknown, unknown][] = [
    ['--nodes', request.nodes, config.nodes.length],
    ['--servers', request.servers, config.servers?.servers.length ?? defaults.servers],
    ['--pod-cidr', request.podCidr, config.podCidr],
    ['--service-cidr', request.serviceCidr, config.serviceCidr],
  ];
  return told
    .filter(([, asked, has]) => asked !== undefined && asked !== has)
    .map(([option, asked, has]) => `${option} ${String(asked)} (the cluster has ${String(has)})`);
}

/** The port itself when nothing listens on it, else the next free one. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port <= 65535; port++) if (await isFree(port)) return port;
  throw new Error(`no port from ${wanted} on is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '0.0.0.0');
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE', 'EACCES')) return false;
    throw error;
  } finally {
    server.close();
  }
}
