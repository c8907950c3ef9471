import type { ClusterConfig } from './config.ts';
import { entering } from './host/network.ts';
import { runningProcess, startProcess } from './host/processes.ts';
import type { Machine } from './machine.ts';
import type { ClusterPaths } from './paths.ts';

/**
 * Starts the server and the agents of all nodes at once, but for those that run. Agents wait for the API by themselves.
 * Returns when each agent that was started was, by its node.
 */
export async function startProcesses(
  machine: Machine,
  paths: ClusterPaths,
  config: ClusterConfig,
): Promise<Map<string, number>> {
  const startedAtMs = new Map<string, number>();
  const { servers } = config;
  if (servers) {
    const { startServers } = await import('./servers/start-servers.ts');
    await startServers({ machine, paths, config, servers, start });
  }
  await start(paths, 'server', [...machine.program, 'server', '--name', paths.name]);
  for (const { name } of config.nodes) {
    const now = machine.clock.now();
    const agent = [...machine.program, 'agent', '--name', paths.name, '--node', name];
    if (await start(paths, name, [...entering(config, name), ...agent])) startedAtMs.set(name, now);
  }
  return startedAtMs;
}

/** Starts a process of the cluster; false when it runs already. */
async function start(paths: ClusterPaths, component: string, command: readonly string[]): Promise<boolean> {
  if (await runningProcess(paths.processRecord(component))) return false;
  const [program, ...rest] = command;
  await startProcess({
    command: [program ?? '', ...rest],
    recordFile: paths.processRecord(component),
    logFile: paths.log(component),
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', KEDGE_HOME: paths.home },
  });
  return true;
}
