import { rm } from 'node:fs/promises';
import { removeContainerRuntime } from '#container-runtime';
import type { ClusterTraces } from './config.ts';
import { netnsName, netnsPath } from './host/network.ts';
import { unmountBelow } from './host/mounts.ts';
import { runtimeOptions } from './node-runtime.ts';
import type { ClusterPaths } from './paths.ts';

/** Removes what a node has on the machine: containers, sandboxes, mounts, cgroups and files. The agent must have ended. */
export async function removeNode(paths: ClusterPaths, cluster: ClusterTraces, node: string): Promise<void> {
  await removeContainerRuntime({
    ...runtimeOptions(paths, cluster, node),
    netns: netnsPath(netnsName(cluster, node)),
  });
  await unmountBelow(paths.node(node));
  await rm(paths.node(node), { recursive: true, force: true });
}
