import { nodes } from '#api';
import { messageOf, silentLogger, type Clock } from '#base';
import { nameOf } from '#machinery';
import { adminAccess, connect } from './access.ts';
import { requireConfig } from './config.ts';
import { runningProcess } from './host/processes.ts';
import type { ClusterAccess } from './kubeconfig.ts';
import type { Machine } from './machine.ts';
import { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';
import { serversStatus, type ServersStatus } from './servers/servers-status.ts';

/** How long the API server may take to answer. */
const patienceMs = 5000;

/** How a cluster is, for people to read. */
export interface ClusterStatus {
  name: string;
  server: string;
  /** `running`, `stopped`, or why the API does not answer. */
  state: string;
  /** Where the cluster has several servers. */
  servers?: ServersStatus;
  nodes: { name: string; ip: string; process: 'running' | 'stopped'; ready: string }[];
}

/** The state of a cluster's processes and nodes. Throws when there is no such cluster. */
export async function status(machine: Machine, name: string): Promise<ClusterStatus> {
  const paths = new ClusterPaths(machine.home, name);
  const config = await requireConfig(paths);
  const serverRuns = (await runningProcess(paths.processRecord('server'))) !== undefined;
  const access = await adminAccess(config, new Pki({ directory: paths.pki, clock: machine.clock }));
  const readiness = serverRuns
    ? await readinessOf(access, machine.clock)
    : { state: 'stopped', ready: new Map<string, string>() };
  const servers = await serversStatus(machine, paths, config);
  const nodeStates = config.nodes.map(async ({ name: node, ip }) => ({
    name: node,
    ip,
    process: (await runningProcess(paths.processRecord(node))) ? ('running' as const) : ('stopped' as const),
    ready: readiness.ready.get(node) ?? 'Unknown',
  }));
  const state = servers && serverRuns && !servers.hasQuorum ? noQuorum(servers) : readiness.state;
  const nodes = await Promise.all(nodeStates);
  return { name, server: access.server, state, ...(servers && { servers }), nodes };
}

function noQuorum({ etcd }: ServersStatus): string {
  const good = etcd.filter(({ state }) => state === 'leader' || state === 'follower').length;
  return `etcd has lost its quorum: ${good} of ${etcd.length} members agree on a leader, and nothing can be written`;
}

async function readinessOf(
  access: ClusterAccess,
  clock: Clock,
): Promise<{ state: string; ready: Map<string, string> }> {
  const { client, close } = connect(access, 'kedge', silentLogger);
  const patience = new AbortController();
  const timer = clock.timer(patienceMs, () => patience.abort(new Error(`nothing within ${patienceMs / 1000} s`)));
  try {
    const { items } = await client.of(nodes).list({ signal: patience.signal });
    const ready = items.map((node): [string, string] => {
      const condition = node.status.conditions?.find(({ type }) => type === 'Ready')?.status;
      return [nameOf(node), condition === 'True' ? 'Ready' : condition === 'False' ? 'NotReady' : 'Unknown'];
    });
    return { state: 'running', ready: new Map(ready) };
  } catch (error) {
    return { state: `the API server does not answer: ${messageOf(error)}`, ready: new Map() };
  } finally {
    timer.cancel();
    await close();
  }
}
