import { createHash } from 'node:crypto';
import { execute } from '#base';
import { addressAt, overlap, parseCidr, type Cidr } from '../cidr.ts';
import { hostsOf, type ClusterConfig, type ClusterTraces, type NodeConfig } from '../config.ts';

/** Networks for bridges are taken from here, a /24 for each cluster (RFC 1918, off the usual paths of home and office). */
const bridgeSpace = parseCidr('bridge network', '10.89.0.0/16');

/** The bridge of a cluster: a link name of at most 15 characters, unique for the home and the name. */
export function bridgeName(home: string, cluster: string): string {
  return `kedge-${shortHash(`${home}\0${cluster}`)}`;
}

/** The network namespace of a node, as `ip netns` shows it. */
export function netnsName({ bridge }: Pick<ClusterTraces, 'bridge'>, node: string): string {
  return `${bridge}-${node}`;
}

/** Where a named network namespace can be entered. */
export function netnsPath(name: string): string {
  return `/run/netns/${name}`;
}

/** What runs a command in the network of a node, or of another host of the cluster. */
export function entering(cluster: Pick<ClusterTraces, 'bridge'>, host: string): string[] {
  return ['nsenter', `--net=${netnsPath(netnsName(cluster, host))}`];
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The host's end of a node's veth pair. */
function vethName({ bridge }: Pick<ClusterTraces, 'bridge'>, node: string): string {
  return `kv${shortHash(`${bridge}/${node}`)}`;
}

/** A /24 that no route and no link of the machine uses, and that does not overlap the given networks. */
export async function freeBridgeNetwork(taken: readonly Cidr[]): Promise<Cidr> {
  const routes = JSON.parse((await execute(['ip', '-j', '-4', 'route', 'show', 'table', 'all'])) || '[]') as {
    dst?: string;
  }[];
  const used = routes.flatMap(({ dst }) => routeCidr(dst ?? ''));
  for (let n = 0; n < 256; n++) {
    const candidate: Cidr = { base: bridgeSpace.base + n * 256, prefix: 24 };
    if (![...used, ...taken].some((other) => overlap(candidate, other))) return candidate;
  }
  throw new Error('all networks of 10.89.0.0/16 are in use on this machine: bring a cluster down first ("kedge down")');
}

function routeCidr(destination: string): Cidr[] {
  const match = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(destination);
  if (!match?.[1]) return []; // "default", or not IPv4
  const base = match[1].split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [{ base, prefix: Number(match[2] ?? 32) }];
}

/** The address of a node on the bridge: the machine has .1, the nodes follow. */
export function nodeAddress(network: Cidr, index: number): string {
  return addressAt(network, index + 2);
}

/**
 * Makes the bridge, each node's namespace and its veth pair, as far as they are missing. On the machine itself nothing
 * changes but the bridge and its address: no route, no firewall rule, no sysctl.
 */
export async function createHostNetwork(config: ClusterConfig): Promise<void> {
  const links = new Set(await linkNames());
  const namespaces = new Set(await netnsNames());
  const batch: string[] = [];
  if (!links.has(config.bridge)) {
    batch.push(
      `link add ${config.bridge} type bridge`,
      `addr add ${config.bridgeIp}/${config.bridgePrefix} dev ${config.bridge}`,
    );
  }
  batch.push(`link set ${config.bridge} up`);
  await ipBatch(batch);
  for (const host of hostsOf(config)) if (!namespaces.has(netnsName(config, host.name))) await createNode(config, host);
}

async function createNode(config: ClusterConfig, node: NodeConfig): Promise<void> {
  const namespace = netnsName(config, node.name);
  const veth = vethName(config, node.name);
  await ipBatch([
    `netns add ${namespace}`,
    `link add ${veth} type veth peer name eth0 netns ${namespace}`,
    `link set ${veth} master ${config.bridge} up`,
  ]);
  await ipBatch(
    [
      'link set lo up',
      `addr add ${node.ip}/${config.bridgePrefix} dev eth0`,
      'link set eth0 up',
      `route add default via ${config.bridgeIp}`,
    ],
    namespace,
  );
}

/** Removes what `createHostNetwork` made; what is gone already is no error. */
export async function removeHostNetwork(cluster: ClusterTraces): Promise<void> {
  const doomed = (await netnsNames()).filter((name) => name.startsWith(netnsName(cluster, '')));
  const hosts = doomed.map((name) => name.slice(netnsName(cluster, '').length));
  if (doomed.length > 0) await ipBatch(doomed.map((name) => `netns del ${name}`));
  const links = new Set(await linkNames());
  // The kernel removes a veth pair some time after its namespace, so that a link may or may not be there still.
  const names = new Set([...cluster.nodes.map(({ name }) => name), ...hosts]);
  const left = [...[...names].map((name) => vethName(cluster, name)), cluster.bridge].filter((name) => links.has(name));
  for (const link of left) await execute(['ip', 'link', 'del', link]).catch(ignoreGone);
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof Error) || !/Cannot find device/.test(error.message)) throw error;
}

async function linkNames(): Promise<string[]> {
  const links = JSON.parse((await execute(['ip', '-j', 'link', 'show'])) || '[]') as { ifname: string }[];
  return links.map((link) => link.ifname);
}

async function netnsNames(): Promise<string[]> {
  const listed = JSON.parse((await execute(['ip', '-j', 'netns', 'list'])) || '[]') as { name: string }[];
  return listed.map((namespace) => namespace.name);
}

/** Runs many `ip` commands as one process, which costs 2 ms instead of 2 ms each. */
async function ipBatch(lines: readonly string[], namespace?: string): Promise<void> {
  const where = namespace === undefined ? [] : ['-netns', namespace];
  await execute(['ip', ...where, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
