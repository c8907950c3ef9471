import { readFile } from 'node:fs/promises';
import { NetworkInterfaceUsage, NetworkUsage, PodSandboxStats, type PodSandboxStatsFilter } from '#cri';
import { nanoseconds, type Context } from '../context.ts';
import { sandboxConfig } from '../sandbox/sandbox-config.ts';
import { hasLabels } from '../status/labels.ts';
import { stateOf } from '../status/container-status.ts';
import type { SandboxRecord } from '../store/records.ts';
import { listContainerStats, withRate } from './container-stats.ts';
import { readCgroup } from './read-cgroup.ts';

/** What a pod uses: its cgroup, its interface, its containers. */
export async function sandboxStats(context: Context, record: SandboxRecord): Promise<PodSandboxStats> {
  const { metadata, labels, annotations } = sandboxConfig(record);
  const timestamp = Number(nanoseconds(context.clock.now()));
  const [usage, network, containers] = await Promise.all([
    readCgroup(context.cgroups, record.cgroupParent, timestamp),
    readNetwork(context, record, timestamp),
    listContainerStats(context, { id: '', podSandboxId: record.id, labelSelector: {} }),
  ]);
  return PodSandboxStats.of({
    attributes: { id: record.id, ...(metadata && { metadata }), labels, annotations },
    linux: {
      ...(usage && { cpu: withRate(context, record.id, usage.cpu), memory: usage.memory, process: usage.processes }),
      ...(network && { network }),
      containers,
    },
  });
}

/** What all sandboxes use that pass a filter and are ready. */
export async function listSandboxStats(context: Context, filter?: PodSandboxStatsFilter): Promise<PodSandboxStats[]> {
  const records = context.sandboxes.list().filter((record) => {
    if (record.stopped) return false;
    return (
      !filter || (record.id.startsWith(filter.id) && hasLabels(sandboxConfig(record).labels, filter.labelSelector))
    );
  });
  return Promise.all(records.map((record) => sandboxStats(context, record)));
}

/** The counters of a pod's interfaces, seen through one of its processes. */
async function readNetwork(
  context: Context,
  record: SandboxRecord,
  timestamp: number,
): Promise<NetworkUsage | undefined> {
  const running = context.containers
    .list()
    .find((it) => it.sandboxId === record.id && stateOf(it) === 'CONTAINER_RUNNING');
  if (!record.ip || running?.pid === undefined) return undefined;
  const text = await readFile(`/proc/${running.pid}/net/dev`, 'utf8').catch(() => '');
  const interfaces = parseInterfaces(text).filter(({ name }) => name !== 'lo');
  const main = interfaces.find(({ name }) => name === 'eth0');
  return NetworkUsage.of({ timestamp, ...(main && { defaultInterface: main }), interfaces });
}

/** Reads `/proc/net/dev`: a name, eight counters of what came in, eight of what went out. */
export function parseInterfaces(text: string): NetworkInterfaceUsage[] {
  return text
    .split('\n')
    .slice(2)
    .filter((line) => line.includes(':'))
    .map((line) => {
      const [name = '', counters = ''] = line.split(':');
      const numbers = counters.trim().split(/\s+/).map(Number);
      const at = (index: number): { value: number } => ({ value: numbers[index] ?? 0 });
      return NetworkInterfaceUsage.of({
        name: name.trim(),
        rxBytes: at(0),
        rxErrors: at(2),
        txBytes: at(8),
        txErrors: at(10),
      });
    });
}
