import { silentLogger } from '#base';
import { memberStates, type MemberState } from '#etcd';
import type { ClusterConfig, ServersConfig } from '../config.ts';
import { runningProcess } from '../host/processes.ts';
import { isListening } from '../listening.ts';
import type { Machine } from '../machine.ts';
import type { ClusterPaths } from '../paths.ts';
import { Pki } from '../pki.ts';
import { ReadyCheck } from './ready-check.ts';
import { serverPort } from './server-port.ts';
import { clientPort, clientUrl } from './etcd-command.ts';

/** How long a server may take to say that it is ready. */
const patienceMs = 2_000;

/** How one of several servers, or one member of their etcd, is. */
export interface PartStatus {
  name: string;
  ip: string;
  process: 'running' | 'stopped';
  /** `leader`, `follower`, `listening`, or what is wrong. */
  state: string;
}

export interface ServersStatus {
  etcd: PartStatus[];
  servers: PartStatus[];
  /** Whether a majority of the members agree on a leader: without, nothing can be written. */
  hasQuorum: boolean;
}

/** The state of each member and each server; undefined for a cluster of one server. */
export async function serversStatus(
  machine: Machine,
  paths: ClusterPaths,
  { servers }: ClusterConfig,
): Promise<ServersStatus | undefined> {
  if (!servers) return undefined;
  const states = await statesOf(machine, paths, servers);
  const processOf = async (name: string): Promise<PartStatus['process']> =>
    (await runningProcess(paths.processRecord(name))) ? 'running' : 'stopped';
  const etcd = servers.etcd.map(async ({ name, ip }, at) => ({
    name,
    ip,
    process: await processOf(name),
    state: states[at] ?? 'unreachable',
  }));
  using ready = new ReadyCheck(await apiCa(machine, paths));
  const apiServers = servers.servers.map(async ({ name, ip }) => ({
    name,
    ip,
    process: await processOf(name),
    state: await serverState(machine, ready, ip),
  }));
  return {
    etcd: await Promise.all(etcd),
    servers: await Promise.all(apiServers),
    hasQuorum: states.filter(agrees).length > states.length / 2,
  };
}

/** One that is stopped takes connections, and says nothing. */
async function serverState({ clock }: Machine, ready: ReadyCheck, host: string): Promise<string> {
  if (!(await isListening(host, serverPort))) return 'unreachable';
  const late = new AbortController();
  const timer = clock.timer(patienceMs, () => late.abort());
  try {
    await ready.check({ host, port: serverPort }, late.signal);
    return 'listening';
  } catch {
    return late.signal.aborted ? 'silent' : 'not ready';
  } finally {
    timer.cancel();
  }
}

async function apiCa({ clock }: Machine, { pki: directory }: ClusterPaths): Promise<string> {
  return (await new Pki({ directory, clock }).ca()).certPem;
}

function agrees(state: MemberState): boolean {
  return state === 'leader' || state === 'follower';
}

/** Only who takes a connection is asked: one that is cut off would keep the command waiting for its connection, for minutes. */
async function statesOf(machine: Machine, paths: ClusterPaths, { etcd }: ServersConfig): Promise<MemberState[]> {
  const taking = await Promise.all(etcd.map(({ ip }) => isListening(ip, clientPort)));
  const states = await memberStates({
    endpoints: etcd.filter((_, at) => taking[at]).map(clientUrl),
    tls: await clientTls(machine, paths),
    clock: machine.clock,
    log: silentLogger,
  });
  return taking.map((takes) => (takes ? (states.shift() ?? 'unreachable') : 'unreachable'));
}

async function clientTls(machine: Machine, paths: ClusterPaths) {
  const pki = new Pki({ directory: paths.pki, clock: machine.clock });
  const { certPem: cert, keyPem: key } = await pki.etcdClient();
  return { ca: (await pki.etcdCa()).certPem, cert, key };
}
