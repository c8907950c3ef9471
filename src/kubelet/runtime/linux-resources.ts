import type { Container, Pod } from '#api';
import { LinuxContainerResources } from '#cri';
import { Quantity } from '#machinery';
import { initContainers, isSidecar } from '../pods/containers.ts';
import { oomScoreAdj } from './qos.ts';

const sharesPerCpu = 1024;
const minShares = 2;
const maxShares = 262_144;
export const quotaPeriod = 100_000;
const minQuota = 1000;

type List = Record<string, string> | undefined;

function milliCpu(list: List): number {
  return Quantity.parse(list?.['cpu'] ?? '0').milliValue();
}

function bytesOf(list: List): number {
  return Quantity.parse(list?.['memory'] ?? '0').value();
}

/** cgroup v1's `cpu.shares` for millicores; the runtime turns it into v2's weight. */
export function cpuShares(milli: number): number {
  if (milli === 0) return minShares;
  return Math.min(Math.max(Math.floor((milli * sharesPerCpu) / 1000), minShares), maxShares);
}

/** Microseconds in each period of 100 ms; 0 is no limit. */
export function cpuQuota(milli: number): number {
  return milli === 0 ? 0 : Math.max(Math.floor((milli * quotaPeriod) / 1000), minQuota);
}

/** What of the node the limits of its containers depend on. */
export interface NodeLimits {
  readonly memoryCapacity: number;
  readonly cgroupVersion: 1 | 2;
}

/** What of a container's limits can be changed while it runs. */
export interface CgroupLimits {
  readonly cpuShares: number;
  /** 0 is no limit, as of memory. */
  readonly cpuQuota: number;
  readonly memoryLimitInBytes: number;
}

/** The limits that a container asks for. */
export function cgroupLimits({ resources = {} }: Container): CgroupLimits {
  const { requests, limits } = resources;
  const limit = milliCpu(limits);
  // A limit without a request asks for as much; the API server defaults so, but not for pods of all ages.
  const request = requests?.['cpu'] === undefined && limit > 0 ? limit : milliCpu(requests);
  return { cpuShares: cpuShares(request), cpuQuota: cpuQuota(limit), memoryLimitInBytes: bytesOf(limits) };
}

/** All the limits of a container. */
export function containerResources(
  pod: Pod,
  container: Container,
  { memoryCapacity, cgroupVersion }: NodeLimits,
): LinuxContainerResources {
  return LinuxContainerResources.of({
    ...cgroupLimits(container),
    cpuPeriod: quotaPeriod,
    oomScoreAdj: oomScoreAdj(pod, container, memoryCapacity),
    // With v2 the kernel ends a container as a whole (`kuberuntime_container_linux.go`, singleProcessOOMKill).
    unified: cgroupVersion === 2 ? { 'memory.oom.group': '1' } : {},
  });
}

export interface PodResources {
  /** Requested millicores. */
  readonly milliCpu: number;
  /** Limits; 0 when any container has none. */
  readonly milliCpuLimit: number;
  readonly memoryLimit: number;
  /** Requested bytes. */
  readonly memory: number;
}

/** What the whole pod asks for: its containers and sidecars together, or the greediest moment of its initialization. */
export function podResources(pod: Pod): PodResources {
  const own = pod.spec.resources;
  const sum = (read: (list: List) => number, side: 'requests' | 'limits'): number => {
    const set = own?.[side];
    const computed = aggregate(pod, (container) => read(container.resources?.[side]));
    const value = set && read(set) > 0 ? read(set) : computed;
    return value + read(pod.spec.overhead);
  };
  const everywhere = (resource: 'cpu' | 'memory'): boolean =>
    own?.limits?.[resource] !== undefined ||
    [...initContainers(pod), ...pod.spec.containers].every((c) => c.resources?.limits?.[resource] !== undefined);
  return {
    milliCpu: sum(milliCpu, 'requests'),
    memory: sum(bytesOf, 'requests'),
    milliCpuLimit: everywhere('cpu') ? sum(milliCpu, 'limits') : 0,
    memoryLimit: everywhere('memory') ? sum(bytesOf, 'limits') : 0,
  };
}

/** The sum over regular containers and sidecars, or the peak of initialization where that is more. */
export function aggregate(pod: Pod, read: (container: Container) => number): number {
  let sidecars = 0;
  let peak = 0;
  for (const container of initContainers(pod)) {
    const value = read(container);
    if (isSidecar(container)) sidecars += value;
    peak = Math.max(peak, isSidecar(container) ? sidecars : sidecars + value);
  }
  const regular = pod.spec.containers.reduce((total, container) => total + read(container), 0);
  return Math.max(peak, regular + sidecars);
}
