import type { ContainerStats, PodSandboxStats } from '#cri';
import { containerNameLabel, podNameLabel, podNamespaceLabel, podUidLabel } from '../runtime/labels.ts';

/** What stats are made from. */
export interface StatsInput {
  readonly nodeName: string;
  readonly containers: readonly ContainerStats[];
  readonly sandboxes: readonly PodSandboxStats[];
  readonly nowMs: number;
}

type Value = { value: number } | undefined;

/** `/stats/summary`: use of processor, memory and disk by pod and container (`pkg/kubelet/apis/stats/v1alpha1`). */
export function statsSummary({ nodeName, containers, sandboxes, nowMs }: StatsInput): unknown {
  const pods = new Map<string, { podRef: unknown; containers: unknown[]; network?: unknown }>();
  for (const stats of containers) {
    const labels = stats.attributes?.labels ?? {};
    const uid = labels[podUidLabel];
    if (!uid) continue;
    const pod = pods.get(uid) ?? { podRef: podRefOf(labels), containers: [] };
    pods.set(uid, pod);
    pod.containers.push(containerSummary(stats, nowMs));
  }
  for (const { attributes, linux } of sandboxes) {
    const pod = pods.get(attributes?.labels[podUidLabel] ?? '');
    const main = linux?.network?.defaultInterface;
    if (!pod || !main) continue;
    pod.network = { time: time(nowMs), name: main.name, rxBytes: main.rxBytes?.value, txBytes: main.txBytes?.value };
  }
  return { node: { nodeName, startTime: time(nowMs) }, pods: [...pods.values()] };
}

function podRefOf(labels: Record<string, string>): unknown {
  return { name: labels[podNameLabel], namespace: labels[podNamespaceLabel], uid: labels[podUidLabel] };
}

function containerSummary({ attributes, cpu, memory, writableLayer }: ContainerStats, nowMs: number): unknown {
  return {
    name: attributes?.labels[containerNameLabel] ?? attributes?.metadata?.name,
    startTime: time(nowMs),
    cpu: {
      time: time(nowMs),
      usageNanoCores: read(cpu?.usageNanoCores),
      usageCoreNanoSeconds: read(cpu?.usageCoreNanoSeconds),
    },
    memory: {
      time: time(nowMs),
      usageBytes: read(memory?.usageBytes),
      workingSetBytes: read(memory?.workingSetBytes),
      rssBytes: read(memory?.rssBytes),
    },
    rootfs: {
      time: time(nowMs),
      usedBytes: read(writableLayer?.usedBytes),
      inodesUsed: read(writableLayer?.inodesUsed),
    },
  };
}

function read(value: Value): number | undefined {
  return value?.value;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

/** `/metrics/resource` in Prometheus' text form: what metrics-server reads. */
export function resourceMetrics(containers: readonly ContainerStats[]): string {
  const samples = containers.map(({ attributes, cpu, memory }) => {
    const labels = attributes?.labels ?? {};
    const tags = `container="${labels[containerNameLabel]}",namespace="${labels[podNamespaceLabel]}",pod="${labels[podNameLabel]}"`;
    return {
      tags,
      cpuSeconds: (read(cpu?.usageCoreNanoSeconds) ?? 0) / 1e9,
      memoryBytes: read(memory?.workingSetBytes) ?? 0,
    };
  });
  return [
    '# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the container in core-seconds',
    '# TYPE container_cpu_usage_seconds_total counter',
    ...samples.map(({ tags, cpuSeconds }) => `container_cpu_usage_seconds_total{${tags}} ${cpuSeconds}`),
    '# HELP container_memory_working_set_bytes [STABLE] Current working set of the container in bytes',
    '# TYPE container_memory_working_set_bytes gauge',
    ...samples.map(({ tags, memoryBytes }) => `container_memory_working_set_bytes{${tags}} ${memoryBytes}`),
    '',
  ].join('\n');
}
