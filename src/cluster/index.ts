/**
 * A whole cluster on one machine, wired from the rooms.
 *
 * `up` plans a cluster (or finds the one that is there), makes its bridge and the network namespaces of its nodes, starts one
 * server process and one agent process a node, and waits until all answer; `stop` ends the processes, and `down` removes
 * everything. `Server` and `Agent` are those processes: what each of them runs, with which credentials, is told in one
 * file each. Everything that is read from the world comes in as a `Machine`.
 */
export { up } from './up.ts';
export { stop } from './stop.ts';
export { clusterNames, down } from './down.ts';
export { status, type ClusterStatus } from './status.ts';
export { readLogs } from './logs.ts';
export { kubeconfigOf } from './kubeconfig-of.ts';
export { listImages, loadImages, removeImage, type ImageSummary } from './images.ts';
export { runAgent, runServer } from './run.ts';
export { version } from './version.ts';
export type { ClusterConfig, NodeConfig } from './config.ts';
export type { ClusterRequest } from './request.ts';
export type { Machine, Report } from './machine.ts';
