import { rm } from 'node:fs/promises';
import { removeContainerRuntime } from '#container-runtime';
import type { ClusterConfig, NodeConfig } from './config.ts';
import { netnsName, netnsPath } from './host/network.ts';
import { unmountBelow } from './host/mounts.ts';
import { runtimeOptions } from './node-runtime.ts';
import type { ClusterPaths } from './paths.ts';

/** Removes what a node has on the machine: containers, sandboxes, mounts, cgroups and files. The agent must have ended. */
export async function removeNode(paths: ClusterPaths, config: ClusterConfig, node: NodeConfig): Promise<void> {
  await removeContainerRuntime({
    ...runtimeOptions(paths, config, node),
    netns: netnsPath(netnsName(config, node.name)),
  });
  await unmountBelow(paths.node(node.name));
  await rm(paths.node(node.name), { recursive: true, force: true });
}
