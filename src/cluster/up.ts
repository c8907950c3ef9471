import { Resolver } from 'node:dns/promises';
import { nodes } from '#api';
import { silentLogger } from '#base';
import type { Client } from '#client';
import { nameOf } from '#machinery';
import { adminAccess, connect } from './access.ts';
import {
  checkClusterName,
  checkRequest,
  readConfig,
  writeConfig,
  type ClusterConfig,
  type ClusterRequest,
} from './config.ts';
import { checkMachine } from './check-machine.ts';
import { createHostNetwork, netnsName, netnsPath } from './host/network.ts';
import { logTail, runningProcess, startProcess } from './host/processes.ts';
import { prepareImages } from './images.ts';
import { mergeKubeconfig, type ClusterAccess } from './kubeconfig.ts';
import { isListening } from './listening.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';
import { differences, freePort, planCluster } from './plan-cluster.ts';
import { Fatal, waitUntil } from './wait.ts';

/** How long a part may take to come up before something is wrong. */
const patienceMs = 60_000;

/**
 * Brings a cluster up, or brings back what of it is not running: objects and running containers stay as they are.
 * Resolves when the API server answers, every node is Ready and the cluster's DNS answers.
 */
export async function up(
  machine: Machine,
  name: string,
  request: ClusterRequest,
  report: Report,
): Promise<ClusterConfig> {
  checkClusterName(name);
  checkRequest(request);
  await checkMachine(machine, report);
  const paths = new ClusterPaths(machine.home, name);
  const config = await settle(machine, paths, request, report);
  const pki = new Pki({ directory: paths.pki, clock: machine.clock });
  await reportStep(machine, report, `network ${config.bridge} with ${count(config.nodes.length, 'node')}`, () =>
    createHostNetwork(config),
  );
  const access = await adminAccess(config, pki);
  const { client, close } = connect(access, 'kedge', silentLogger);
  try {
    await startProcesses(machine, paths, config);
    const images = reportStep(machine, report, 'images kedge.local/node and kedge.local/toolbox', () =>
      prepareImages(machine, paths),
    );
    await Promise.all([images, waitForParts(machine, paths, { config, access, client }, report)]);
  } finally {
    await close();
  }
  return config;
}

/** The configuration that the cluster has, or gets now. */
async function settle(
  machine: Machine,
  paths: ClusterPaths,
  request: ClusterRequest,
  report: Report,
): Promise<ClusterConfig> {
  const known = await readConfig(paths);
  if (!known) return choose(machine, paths, request, report);
  const different = differences(known, request);
  if (different.length > 0) {
    throw new Error(
      `the cluster "${known.name}" exists and cannot be changed: ${different.join(', ')}. "kedge down --name ${known.name}" removes it`,
    );
  }
  if (await runningProcess(paths.processRecord('server'))) return known;
  return moveIfTaken(known, paths, report);
}

async function choose(
  machine: Machine,
  paths: ClusterPaths,
  request: ClusterRequest,
  report: Report,
): Promise<ClusterConfig> {
  const config = await planCluster(machine, paths.name, request);
  if (request.apiPort !== undefined && config.apiPort !== request.apiPort) {
    report.note(`port ${request.apiPort} is in use; the API server gets ${config.apiPort}`);
  }
  await writeConfig(paths, config);
  return config;
}

/** While the cluster was down, another program may have taken its port. */
async function moveIfTaken(config: ClusterConfig, paths: ClusterPaths, report: Report): Promise<ClusterConfig> {
  const apiPort = await freePort(config.apiPort);
  if (apiPort === config.apiPort) return config;
  report.note(`port ${config.apiPort} is in use; the API server moves to ${apiPort}`);
  const moved = { ...config, apiPort };
  await writeConfig(paths, moved);
  return moved;
}

/** Starts the server and the agents of all nodes at once, but for those that run. Agents wait for the API by themselves. */
async function startProcesses(machine: Machine, paths: ClusterPaths, config: ClusterConfig): Promise<void> {
  await start(machine, paths, 'server', ['server', '--name', paths.name]);
  for (const node of config.nodes) {
    const enter = ['nsenter', `--net=${netnsPath(netnsName(config, node.name))}`];
    await start(machine, paths, node.name, ['agent', '--name', paths.name, '--node', node.name], enter);
  }
}

interface Reach {
  config: ClusterConfig;
  access: ClusterAccess;
  client: Client;
}

async function waitForParts(
  machine: Machine,
  paths: ClusterPaths,
  { config, access, client }: Reach,
  report: Report,
): Promise<void> {
  await reportStep(machine, report, `API server at ${access.server}`, () => waitForApi(machine, paths, config, client));
  await mergeKubeconfig(machine.kubeconfig, access);
  await reportStep(machine, report, `${count(config.nodes.length, 'node')} ready`, () =>
    waitForNodes(machine, paths, config, client),
  );
  await reportStep(machine, report, 'cluster DNS answers', () => waitForDns(machine, config));
}

/** The port first: a client that was refused waits longer before it tries again than the server needs. */
async function waitForApi(
  machine: Machine,
  paths: ClusterPaths,
  { apiPort }: ClusterConfig,
  client: Client,
): Promise<void> {
  const answers = async (ready: () => Promise<boolean>): Promise<void> => {
    await waitUntil(machine.clock, 'the API server should answer', patienceMs, async () => {
      await checkAlive(paths, 'server');
      return (await ready()) || undefined;
    });
  };
  await answers(() => isListening('127.0.0.1', apiPort));
  await answers(async () => Boolean(await client.of(nodes).list({ limit: 1 })));
}

async function waitForNodes(
  machine: Machine,
  paths: ClusterPaths,
  config: ClusterConfig,
  client: Client,
): Promise<void> {
  await waitUntil(machine.clock, 'every node should be Ready', patienceMs, async () => {
    for (const node of config.nodes) await checkAlive(paths, node.name);
    const { items } = await client.of(nodes).list();
    const ready = new Set(items.filter(isReady).map(nameOf));
    const waiting = config.nodes.filter((node) => !ready.has(node.name)).map((node) => node.name);
    if (waiting.length > 0) throw new Error(`not Ready: ${waiting.join(', ')}`);
    return true;
  });
}

function isReady(node: {
  status: { conditions?: { type: string; status: string }[] };
  spec: { taints?: unknown[] };
}): boolean {
  const ready = node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return ready && (node.spec.taints ?? []).length === 0;
}

async function start(
  machine: Machine,
  paths: ClusterPaths,
  component: string,
  args: string[],
  enter: string[] = [],
): Promise<void> {
  if (await runningProcess(paths.processRecord(component))) return;
  const [program, ...rest] = [...enter, ...machine.program, ...args];
  await startProcess({
    command: [program ?? '', ...rest],
    recordFile: paths.processRecord(component),
    logFile: paths.log(component),
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', KEDGE_HOME: paths.home },
  });
}

/** A process that has ended will not come up: say what it said last. */
async function checkAlive(paths: ClusterPaths, component: string): Promise<void> {
  if (await runningProcess(paths.processRecord(component))) return;
  const said = await logTail(paths.log(component), 5);
  throw new Fatal(
    new Error(`${component} ended while it was starting. Its log ${paths.log(component)} ends with:\n${said}`),
  );
}

/** Asks the DNS server of each node for the name that every cluster has. */
async function waitForDns(machine: Machine, config: ClusterConfig): Promise<void> {
  for (const node of config.nodes) {
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([node.ip]);
    await waitUntil(machine.clock, `DNS on ${node.name} should answer`, patienceMs, () =>
      resolver.resolve4('kubernetes.default.svc.cluster.local'),
    );
  }
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
