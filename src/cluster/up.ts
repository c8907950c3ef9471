import { existsSync } from 'node:fs';
import { checkHome } from './check-home.ts';
import { checkMachine } from './check-machine.ts';
import { checkEncryption, settleEncryption } from './encryption.ts';
import { nodesOf, readConfig, writeConfig, type ClusterConfig } from './config.ts';
import { withMachineLock } from './host/machine-lock.ts';
import { createHostNetwork } from './host/network.ts';
import { runningProcess } from './host/processes.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import { ClusterPaths } from './paths.ts';
import { differences, freePort, planCluster } from './plan-cluster.ts';
import { checkRequest, defaults, type ClusterRequest } from './request.ts';
import { settleSnapshots } from './snapshots.ts';
import { startProcesses } from './start.ts';

/**
 * Brings a cluster up, or brings back what of it is not running: objects and running containers stay as they are.
 * Resolves when the API server answers, every node is Ready and the cluster's DNS answers. Before anything is touched it
 * throws with what is wrong with the request, the machine or the user's kubeconfig.
 */
export async function up(
  machine: Machine,
  name: string,
  request: ClusterRequest,
  report: Report,
): Promise<ClusterConfig> {
  const paths = new ClusterPaths(machine.home, name);
  checkRequest(request);
  checkHome(paths);
  await checkMachine(machine, await serversOf(paths, request), report);
  await checkEncryption(machine, request);
  await checkKubeconfig(machine.kubeconfig);
  return withMachineLock(machine, report, () => bringUp(machine, paths, request, report));
}

/** How many servers the cluster has, or will have. */
async function serversOf(paths: ClusterPaths, request: ClusterRequest): Promise<number> {
  const known = await readConfig(paths).catch(() => undefined); // told later, when it is needed
  return known?.servers?.servers.length ?? request.servers ?? defaults.servers;
}

async function checkKubeconfig(path: string): Promise<void> {
  if (!existsSync(path)) return; // what reads one has not to be loaded then
  const { checkKubeconfig: check } = await import('./kubeconfig.ts');
  await check(path);
}

async function bringUp(
  machine: Machine,
  paths: ClusterPaths,
  request: ClusterRequest,
  report: Report,
): Promise<ClusterConfig> {
  const planned = await settle(machine, paths, request, report);
  const sealed = await settleEncryption(machine, paths, planned, { request, report });
  const config = await settleSnapshots(machine, paths, sealed, { request, report });
  await reportStep(machine, report, `network ${config.bridge} with ${nodesOf(config)}`, () =>
    createHostNetwork(config),
  );
  const startedAtMs = await startProcesses(machine, paths, config);
  // What the rest needs is loaded while the server and the agents load what they need.
  const { finish } = await import('./finish.ts');
  await finish({ machine, paths, config, report, startedAtMs });
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
  const settled = (await runningProcess(paths.processRecord('server')))
    ? known
    : await moveIfTaken(known, paths, report);
  if (request.apiPort !== undefined && request.apiPort !== settled.apiPort)
    report.note(`the API server of "${known.name}" stays at port ${settled.apiPort}`);
  return settled;
}

async function choose(
  machine: Machine,
  paths: ClusterPaths,
  request: ClusterRequest,
  report: Report,
): Promise<ClusterConfig> {
  const config = await planCluster(machine, paths.name, request);
  const wanted = request.apiPort ?? defaults.apiPort;
  if (config.apiPort !== wanted) report.note(`port ${wanted} is in use; the API server gets ${config.apiPort}`);
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
