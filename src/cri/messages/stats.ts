import { double, int64, list, map, message, nested, string, uint64 } from '#wire';
import { UInt64Value } from './common.ts';
import { ContainerMetadata } from './container.ts';
import { FilesystemUsage } from './image.ts';
import { PodSandboxMetadata } from './sandbox-config.ts';

// What containers and sandboxes use of the machine.

/** Pressure stall information, one line of it. */
export class PsiData extends message({
  /** Nanoseconds. */
  total: uint64(1),
  avg10: double(2),
  avg60: double(3),
  avg300: double(4),
}) {}

/** How long tasks waited for a resource: all of them, some of them. */
export class PsiStats extends message({
  full: nested(1, PsiData),
  some: nested(2, PsiData),
}) {}

/** Processor time used. */
export class CpuUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  /** Since the start. */
  usageCoreNanoSeconds: nested(2, UInt64Value),
  /** Averaged over a short time. */
  usageNanoCores: nested(3, UInt64Value),
  psi: nested(4, PsiStats),
}) {}

/** Memory used. */
export class MemoryUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  workingSetBytes: nested(2, UInt64Value),
  availableBytes: nested(3, UInt64Value),
  usageBytes: nested(4, UInt64Value),
  rssBytes: nested(5, UInt64Value),
  pageFaults: nested(6, UInt64Value),
  majorPageFaults: nested(7, UInt64Value),
  psi: nested(8, PsiStats),
}) {}

/** Input and output. */
export class IoUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  psi: nested(2, PsiStats),
}) {}

/** Swap used. */
export class SwapUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  swapAvailableBytes: nested(2, UInt64Value),
  swapUsageBytes: nested(3, UInt64Value),
}) {}

/** The identity of a container. */
export class ContainerAttributes extends message({
  id: string(1),
  metadata: nested(2, ContainerMetadata),
  labels: map(3, string),
  annotations: map(4, string),
}) {}

/** What a container uses. */
export class ContainerStats extends message({
  attributes: nested(1, ContainerAttributes),
  cpu: nested(2, CpuUsage),
  memory: nested(3, MemoryUsage),
  writableLayer: nested(4, FilesystemUsage),
  swap: nested(5, SwapUsage),
  io: nested(6, IoUsage),
}) {}

/** Asks what one container uses. */
export class ContainerStatsRequest extends message({
  containerId: string(1),
}) {}

/** What it uses. */
export class ContainerStatsResponse extends message({
  stats: nested(1, ContainerStats),
}) {}

/** Which containers to measure. */
export class ContainerStatsFilter extends message({
  id: string(1),
  podSandboxId: string(2),
  /** All of these labels. */
  labelSelector: map(3, string),
}) {}

/** Asks what containers use. */
export class ListContainerStatsRequest extends message({
  filter: nested(1, ContainerStatsFilter),
}) {}

/** What they use. */
export class ListContainerStatsResponse extends message({
  stats: list(1, ContainerStats),
}) {}

/** Asks what containers use, in portions. */
export class StreamContainerStatsRequest extends message({
  filter: nested(1, ContainerStatsFilter),
}) {}

/** A portion of the answer. */
export class StreamContainerStatsResponse extends message({
  containerStats: list(1, ContainerStats),
}) {}

/** Traffic of one interface. */
export class NetworkInterfaceUsage extends message({
  name: string(1),
  rxBytes: nested(2, UInt64Value),
  rxErrors: nested(3, UInt64Value),
  txBytes: nested(4, UInt64Value),
  txErrors: nested(5, UInt64Value),
}) {}

/** Traffic of a sandbox. */
export class NetworkUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  defaultInterface: nested(2, NetworkInterfaceUsage),
  interfaces: list(3, NetworkInterfaceUsage),
}) {}

/** Processes of a sandbox. */
export class ProcessUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  processCount: nested(2, UInt64Value),
}) {}

/** What a sandbox uses, on Linux. */
export class LinuxPodSandboxStats extends message({
  cpu: nested(1, CpuUsage),
  memory: nested(2, MemoryUsage),
  network: nested(3, NetworkUsage),
  process: nested(4, ProcessUsage),
  containers: list(5, ContainerStats),
  io: nested(6, IoUsage),
}) {}

/** The identity of a sandbox. */
export class PodSandboxAttributes extends message({
  id: string(1),
  metadata: nested(2, PodSandboxMetadata),
  labels: map(3, string),
  annotations: map(4, string),
}) {}
