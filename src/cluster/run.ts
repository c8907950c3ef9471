import { mkdir } from 'node:fs/promises';
import { createLogger, type Component, type Logger } from '#base';
import { requireConfig, type ClusterConfig } from './config.ts';
import type { Machine } from './machine.ts';
import { ClusterPaths } from './paths.ts';

/**
 * Runs the server process of a cluster until the signal aborts: where it has several, the one with that name, or what
 * stands for all of them. Only this process loads what it is made of.
 */
export async function runServer(
  machine: Machine,
  name: string,
  serverName: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { servers } = await requireConfig(new ClusterPaths(machine.home, name));
  if (!servers) {
    const { Server } = await import('./server.ts');
    return run(machine, name, signal, (common) => new Server(common));
  }
  const { ClusterFront, ClusterServer } = await import('./servers/cluster-server.ts');
  return run(machine, name, signal, (common) => {
    if (serverName === undefined) return new ClusterFront(common);
    const server = servers.servers.find((one) => one.name === serverName);
    if (!server) throw new Error(`the cluster "${name}" has no server "${serverName}"`);
    return new ClusterServer({ ...common, server });
  });
}

/** Runs the process of a node until the signal aborts; its containers go on. */
export async function runAgent(machine: Machine, name: string, nodeName: string, signal: AbortSignal): Promise<void> {
  const { Agent } = await import('./agent.ts');
  return run(machine, name, signal, (common) => {
    const node = common.config.nodes.find((one) => one.name === nodeName);
    if (!node) throw new Error(`the cluster "${name}" has no node "${nodeName}"`);
    return new Agent({ ...common, node });
  });
}

interface Common {
  machine: Machine;
  paths: ClusterPaths;
  config: ClusterConfig;
  log: Logger;
}

async function run(
  machine: Machine,
  name: string,
  signal: AbortSignal,
  make: (common: Common) => Component,
): Promise<void> {
  const paths = new ClusterPaths(machine.home, name);
  const config = await requireConfig(paths);
  await mkdir(paths.run, { recursive: true, mode: 0o700 });
  const log = createLogger({ level: machine.logLevel });
  const component = make({ machine, paths, config, log });
  log.info({ cluster: name, pid: process.pid }, 'starting');
  try {
    await component.run(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  log.info({ cluster: name }, 'stopped');
}
