import { join } from 'node:path';
import type { ClusterTraces } from './config.ts';
import type { ClusterPaths } from './paths.ts';

/** Where the container runtime of a node keeps what it has: the same for the agent that runs it and for `kedge down`. */
export function runtimeOptions(paths: ClusterPaths, cluster: ClusterTraces, node: string) {
  return {
    root: join(paths.node(node), 'runtime'),
    state: join(paths.run, node),
    images: paths.images,
    cgroupParent: `${clusterCgroup(cluster)}/${node}`,
    streaming: { host: '127.0.0.1', port: 0 },
  };
}

/** The cgroup above all nodes of a cluster, in every hierarchy. */
export function clusterCgroup({ bridge }: ClusterTraces): string {
  return `/kedge/${bridge}`;
}
