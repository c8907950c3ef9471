import { ContainerStats, FilesystemUsage, type ContainerStatsFilter, type CpuUsage } from '#cri';
import { containerConfig } from '../container/container-config.ts';
import { nanoseconds, type Context } from '../context.ts';
import { stateOf } from '../status/container-status.ts';
import { hasLabels } from '../status/labels.ts';
import type { ContainerRecord } from '../store/records.ts';
import { CpuRate } from './cpu-rate.ts';
import { folderSize } from './folder-size.ts';
import { readCgroup } from './read-cgroup.ts';

const rates = new WeakMap<Context, CpuRate>();

/** The share of processors that a cgroup used since it was measured before. */
export function rateOf(context: Context): CpuRate {
  let rate = rates.get(context);
  if (!rate) rates.set(context, (rate = new CpuRate()));
  return rate;
}

/** What a container uses; of one that does not run only what it wrote. */
export async function containerStats(context: Context, record: ContainerRecord): Promise<ContainerStats> {
  const { metadata, labels, annotations } = containerConfig(record);
  const timestamp = Number(nanoseconds(context.clock.now()));
  const [usage, written] = await Promise.all([
    stateOf(record) === 'CONTAINER_RUNNING' ? readCgroup(context.cgroups, record.cgroupsPath, timestamp) : undefined,
    folderSize(context.snapshots.upper(record.id)),
  ]);
  return ContainerStats.of({
    attributes: { id: record.id, ...(metadata && { metadata }), labels, annotations },
    ...(usage && { cpu: withRate(context, record.id, usage.cpu), memory: usage.memory }),
    writableLayer: FilesystemUsage.of({
      timestamp,
      fsId: { mountpoint: context.paths.snapshots },
      usedBytes: { value: written.bytes },
      inodesUsed: { value: written.entries },
    }),
  });
}

/** Adds the use per second to the use in all. */
export function withRate(context: Context, key: string, cpu: CpuUsage): CpuUsage {
  const nanoCores = rateOf(context).measure(key, cpu.usageCoreNanoSeconds?.value ?? 0, cpu.timestamp);
  return nanoCores === undefined ? cpu : { ...cpu, usageNanoCores: { value: nanoCores } };
}

/** What all containers use that pass a filter and run. */
export async function listContainerStats(context: Context, filter?: ContainerStatsFilter): Promise<ContainerStats[]> {
  const records = context.containers.list().filter((record) => {
    if (stateOf(record) !== 'CONTAINER_RUNNING') return false;
    if (!filter) return true;
    return (
      record.id.startsWith(filter.id) &&
      record.sandboxId.startsWith(filter.podSandboxId) &&
      hasLabels(containerConfig(record).labels, filter.labelSelector)
    );
  });
  return Promise.all(records.map((record) => containerStats(context, record)));
}
