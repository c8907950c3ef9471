import { runningProcess, stopProcess } from './host/processes.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import type { ClusterPaths } from './paths.ts';

/** What the server gets to end by itself. */
const graceMs = 10_000;

/** Ends the server of a cluster, if it runs: `up` starts it again with what it is configured to now. */
export async function stopServer(machine: Machine, paths: ClusterPaths, report: Report, why: string): Promise<void> {
  const record = paths.processRecord('server');
  if (!(await runningProcess(record))) return;
  await reportStep(machine, report, `server stopped, ${why}`, () => stopProcess(record, machine.clock, graceMs));
}
