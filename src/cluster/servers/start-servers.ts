import { mkdir } from 'node:fs/promises';
import { prepareEtcdCertificates } from '../certificates.ts';
import type { ClusterConfig, ServersConfig } from '../config.ts';
import { entering } from '../host/network.ts';
import type { Machine } from '../machine.ts';
import type { ClusterPaths } from '../paths.ts';
import { Pki } from '../pki.ts';
import { etcdCommand } from './etcd-command.ts';

export interface StartServers {
  machine: Machine;
  paths: ClusterPaths;
  config: ClusterConfig;
  servers: ServersConfig;
  /** Starts a process of the cluster, if it does not run. */
  start: (paths: ClusterPaths, component: string, command: readonly string[]) => Promise<boolean>;
}

/** Starts several servers, and their etcd, each in its own network namespace. etcd makes no certificates: they are made first. */
export async function startServers({ machine, paths, config, servers, start }: StartServers): Promise<void> {
  await prepareEtcdCertificates(new Pki({ directory: paths.pki, clock: machine.clock }), servers);
  for (const member of servers.etcd) {
    await mkdir(paths.etcdData(member.name), { recursive: true, mode: 0o700 });
    const command = etcdCommand(config, servers, member, paths);
    await start(paths, member.name, [...entering(config, member.name), ...command]);
  }
  for (const { name } of servers.servers) {
    const server = [...machine.program, 'server', '--name', paths.name, '--server', name];
    await start(paths, name, [...entering(config, name), ...server]);
  }
}
