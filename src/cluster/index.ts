/**
 * A whole cluster on one machine, wired from the rooms.
 *
 * `up` plans a cluster (or finds the one that is there), makes its bridge and the network namespaces of its nodes, starts one
 * server process and one agent process a node, and waits until all answer; `stop` ends the processes, and `down` removes
 * everything. `Server` and `Agent` are those processes: what each of them runs, with which credentials, is told in one
 * file each. Everything that is read from the world comes in as a `Machine`.
 */
import { lazily } from './lazily.ts';

export { up } from './up.ts';
export { stop } from './stop.ts';
export { clusterNames } from './cluster-names.ts';
export { readLogs } from './logs.ts';
export { runAgent, runServer } from './run.ts';
export { version } from './version.ts';
export const down = lazily(async () => (await import('./down.ts')).down);
export const status = lazily(async () => (await import('./status.ts')).status);
export const kubeconfigOf = lazily(async () => (await import('./kubeconfig-of.ts')).kubeconfigOf);
export const listImages = lazily(async () => (await import('./images.ts')).listImages);
export const loadImages = lazily(async () => (await import('./images.ts')).loadImages);
export const removeImage = lazily(async () => (await import('./images.ts')).removeImage);
export const runEtcd = lazily(async () => (await import('./etcd/run-etcd.ts')).runEtcd);
export const saveEtcdSnapshot = lazily(async () => (await import('./etcd/etcd-tools.ts')).saveEtcdSnapshot);
export const etcdSnapshotStatus = lazily(async () => (await import('./etcd/etcd-tools.ts')).etcdSnapshotStatus);
export const restoreEtcdSnapshot = lazily(async () => (await import('./etcd/etcd-tools.ts')).restoreEtcdSnapshot);
export const compareEtcdMembers = lazily(async () => (await import('./etcd/etcd-tools.ts')).compareEtcdMembers);
export type { EtcdTarget, RestoreRequest } from './etcd/etcd-tools.ts';
export type { SnapshotStatus } from '#etcd';
export const runStandaloneServer = lazily(async () => (await import('./standalone/run-server.ts')).runStandaloneServer);
export { serverDefaults, type ServerRequest } from './standalone/server-request.ts';
export type { EtcdRequest } from './etcd/etcd-request.ts';
export type { ClusterStatus } from './status.ts';
export type { ImageSummary } from './images.ts';
export type { ClusterConfig, NodeConfig } from './config.ts';
export type { ClusterRequest } from './request.ts';
export type { Machine, Report } from './machine.ts';
