import { readdir, rm } from 'node:fs/promises';
import { hasCode } from '#base';
import { removeNode } from './agent-teardown.ts';
import { readConfig, type ClusterConfig } from './config.ts';
import { removeCgroup } from './host/cgroups.ts';
import { removeHostNetwork } from './host/network.ts';
import { contextName, removeFromKubeconfig } from './kubeconfig.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import { clusterCgroup } from './node-runtime.ts';
import { ClusterPaths, clustersFolder } from './paths.ts';
import { stop } from './stop.ts';

/**
 * Removes a cluster: processes, containers, mounts, namespaces, links, cgroups, files, and its context. What is gone
 * already is no error, so that it also cleans up after a crash. The images stay: they belong to the machine.
 */
export async function down(machine: Machine, name: string, report: Report): Promise<void> {
  await stop(machine, name, report);
  const paths = new ClusterPaths(machine.home, name);
  const config = await readConfig(paths);
  if (!config) return;
  await reportStep(machine, report, 'containers, mounts, networks and files removed', () => removeAll(paths, config));
  await removeFromKubeconfig(machine.kubeconfig, contextName(name));
}

async function removeAll(paths: ClusterPaths, config: ClusterConfig): Promise<void> {
  for (const node of config.nodes) await removeNode(paths, config, node);
  await removeCgroup(clusterCgroup(config));
  await removeHostNetwork(config);
  await rm(paths.root, { recursive: true, force: true });
}

/** The names of the clusters that a home has. */
export async function clusterNames(home: string): Promise<string[]> {
  try {
    const entries = await readdir(clustersFolder(home), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
