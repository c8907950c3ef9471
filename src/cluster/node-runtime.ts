import { join } from 'node:path';
import type { ClusterConfig, NodeConfig } from './config.ts';
import type { ClusterPaths } from './paths.ts';

/** Where the container runtime of a node keeps what it has: the same for the agent that runs it and for `kedge down`. */
export function runtimeOptions(paths: ClusterPaths, config: ClusterConfig, node: NodeConfig) {
  return {
    root: join(paths.node(node.name), 'runtime'),
    state: join(paths.run, node.name),
    images: paths.images,
    cgroupParent: `${clusterCgroup(config)}/${node.name}`,
    streaming: { host: '127.0.0.1', port: 0 },
  };
}

/** The cgroup above all nodes of a cluster, in every hierarchy. */
export function clusterCgroup(config: ClusterConfig): string {
  return `/kedge/${config.bridge}`;
}
