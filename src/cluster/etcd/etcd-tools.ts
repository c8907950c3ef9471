import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '#base';
import {
  compareHashes,
  restoreSnapshot,
  saveSnapshotFrom,
  snapshotStatus,
  type EtcdTls,
  type HashComparison,
  type SnapshotStatus,
} from '#etcd';
import { requireConfig } from '../config.ts';
import { runningProcess } from '../host/processes.ts';
import type { Machine } from '../machine.ts';
import { ClusterPaths } from '../paths.ts';

/** Which store is meant: members by their URLs, or the one of a cluster of this machine; flags are named as etcdctl's. */
export interface EtcdTarget {
  endpoints?: string;
  name: string;
  cacert?: string;
  cert?: string;
  key?: string;
}

/** Saves a snapshot of a running store to a file; returns what is in it. */
export async function saveEtcdSnapshot(machine: Machine, target: EtcdTarget, path: string): Promise<SnapshotStatus> {
  const [url = '', ...others] = await urlsOf(machine, target);
  if (others.length > 0) throw new Error('--endpoints: a snapshot is of one member: name one');
  await explained(url, saveSnapshotFrom(url, await tlsOf(target), resolve(path)));
  return snapshotStatus(resolve(path));
}

/** What is in a snapshot; throws when it is damaged. */
export async function etcdSnapshotStatus(path: string): Promise<SnapshotStatus> {
  return snapshotStatus(resolve(path));
}

/** Where a snapshot goes: the data of `kedge etcd`, or of a cluster of this machine that does not run. */
export interface RestoreRequest {
  dataDir?: string;
  name?: string;
  skipHashCheck?: boolean;
  bumpRevision?: number;
}

/** Makes the store of a member, or of a cluster, from a snapshot; returns where it lies and its revision. */
export async function restoreEtcdSnapshot(
  machine: Machine,
  snapshot: string,
  request: RestoreRequest,
): Promise<{ directory: string; revision: number }> {
  const directory = await directoryOf(machine, request);
  const { skipHashCheck = false, bumpRevision = 0 } = request;
  const { revision } = await restoreSnapshot({ snapshot: resolve(snapshot), directory, skipHashCheck, bumpRevision });
  return { directory, revision };
}

async function directoryOf(machine: Machine, { dataDir, name }: RestoreRequest): Promise<string> {
  if (dataDir !== undefined) return resolve(dataDir);
  if (name === undefined) throw new Error('where to? Give --data-dir, or --name of a cluster');
  const paths = new ClusterPaths(machine.home, name);
  await requireConfig(paths);
  if (await runningProcess(paths.processRecord('server'))) {
    throw new Error(`the cluster "${name}" runs: end the process of "kedge up --foreground", or use another cluster`);
  }
  return paths.store;
}

/** Compares what members have up to the same revision. */
export async function compareEtcdMembers(machine: Machine, target: EtcdTarget): Promise<HashComparison> {
  const urls = await urlsOf(machine, target);
  return explained(urls.join(', '), compareHashes(urls, { tls: await tlsOf(target), clock: machine.clock }));
}

async function urlsOf(machine: Machine, { endpoints, name }: EtcdTarget): Promise<string[]> {
  if (endpoints !== undefined) return endpoints.split(',').map((url) => url.trim());
  const paths = new ClusterPaths(machine.home, name);
  await requireConfig(paths);
  if (!(await runningProcess(paths.processRecord('server'))))
    throw new Error(`the cluster "${name}" does not run: "kedge up --name ${name}" brings it back`);
  return [`unix://${paths.etcdSocket}`];
}

async function tlsOf({ cacert, cert, key }: EtcdTarget): Promise<EtcdTls | undefined> {
  if (cacert === undefined && cert === undefined && key === undefined) return undefined;
  const read = async (flag: string, path: string | undefined): Promise<string | undefined> => {
    if (path === undefined) return undefined;
    return readFile(path, 'utf8').catch((error: unknown) => {
      throw new Error(`--${flag}: ${messageOf(error)}`, { cause: error });
    });
  };
  const [ca, certPem, keyPem] = [await read('cacert', cacert), await read('cert', cert), await read('key', key)];
  return { ...(ca && { ca }), ...(certPem && { cert: certPem }), ...(keyPem && { key: keyPem }) };
}

/** What a call says of a member that cannot be asked does not name it. */
async function explained<T>(where: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${where}: ${messageOf(error)}`, { cause: error });
  }
}
