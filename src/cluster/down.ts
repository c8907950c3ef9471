import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { hasCode } from '#base';
import { removeNode } from './agent-teardown.ts';
import { foldersIn } from './cluster-names.ts';
import { readConfig, type ClusterTraces } from './config.ts';
import { removeClusterCgroup } from './host/cgroups.ts';
import { withMachineLock } from './host/machine-lock.ts';
import { bridgeName, removeHostNetwork } from './host/network.ts';
import { contextName, removeFromKubeconfig } from './kubeconfig.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import { clusterCgroup } from './node-runtime.ts';
import { ClusterPaths, clustersFolder } from './paths.ts';
import { stopProcesses } from './stop.ts';

/**
 * Removes a cluster: processes, containers, mounts, namespaces, links, cgroups, files, and its context. What is gone
 * already is no error, so that it also cleans up after a crash. The images stay: they belong to the machine.
 */
export async function down(machine: Machine, name: string, report: Report): Promise<void> {
  const paths = new ClusterPaths(machine.home, name);
  if (!existsSync(paths.root))
    throw new Error(`there is no cluster "${name}" in ${machine.home}: "kedge status" lists those that are`);
  await withMachineLock(machine, report, async () => {
    const traces = await tracesOf(paths);
    await reportStep(machine, report, `cluster "${name}" stopped`, () => stopProcesses(machine, paths, traces));
    await reportStep(machine, report, 'containers, mounts, networks and files removed', () => removeAll(paths, traces));
  });
  await removeFromKubeconfig(machine.kubeconfig, contextName(name));
}

/** A cluster whose configuration is damaged, or half removed, is known by what else it has. */
async function tracesOf(paths: ClusterPaths): Promise<ClusterTraces> {
  try {
    const config = await readConfig(paths);
    if (config) return config;
  } catch {
    // the reason to look further
  }
  const nodes = (await foldersIn(paths.nodes)).map((name) => ({ name }));
  return { bridge: bridgeName(paths.home, paths.name), nodes };
}

async function removeAll(paths: ClusterPaths, traces: ClusterTraces): Promise<void> {
  for (const node of traces.nodes) await removeNode(paths, traces, node.name);
  await removeClusterCgroup(clusterCgroup(traces));
  await removeHostNetwork(traces);
  await rm(paths.root, { recursive: true, force: true });
  await rmdir(clustersFolder(paths.home)).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY')) throw error; // other clusters are in it
  });
}
