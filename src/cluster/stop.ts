import { readdir } from 'node:fs/promises';
import { hasCode } from '#base';
import { requireConfig, type ClusterTraces } from './config.ts';
import { withMachineLock } from './host/machine-lock.ts';
import { stopProcess } from './host/processes.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import { ClusterPaths } from './paths.ts';

/** What a process gets to end by itself. */
const graceMs = 10_000;

/** Ends the processes of a cluster and keeps its state; containers go on until `up` finds them or `down` removes them. */
export async function stop(machine: Machine, name: string, report: Report): Promise<void> {
  const paths = new ClusterPaths(machine.home, name);
  const config = await requireConfig(paths);
  await withMachineLock(machine, report, () =>
    reportStep(machine, report, `cluster "${name}" stopped`, () => stopProcesses(machine, paths, config)),
  );
}

/** Nodes end before the server, so that they can still say goodbye to it; servers before the etcd that they are on. */
export async function stopProcesses(machine: Machine, paths: ClusterPaths, { nodes }: ClusterTraces): Promise<void> {
  await Promise.all(nodes.map(({ name }) => stopProcess(paths.processRecord(name), machine.clock, graceMs)));
  const others = (await recordsIn(paths.run)).filter((name) => !nodes.some((node) => node.name === name));
  const isEtcd = (name: string): boolean => name.startsWith('etcd-');
  for (const some of [others.filter((name) => !isEtcd(name)), others.filter(isEtcd)])
    await Promise.all(some.map((name) => stopProcess(paths.processRecord(name), machine.clock, graceMs)));
}

/** The processes that were started, by their names. */
async function recordsIn(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}
