import { int64, list, message, nested, string } from '#wire';
import { UInt64Value } from './common.ts';
import { FilesystemIdentifier } from './image.ts';
import { ContainerAttributes } from './stats.ts';

// What Windows containers use. Kedge only carries these.

/** How full a file system is. */
export class WindowsFilesystemUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  fsId: nested(2, FilesystemIdentifier),
  usedBytes: nested(3, UInt64Value),
}) {}

/** Processor time used. */
export class WindowsCpuUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  usageCoreNanoSeconds: nested(2, UInt64Value),
  usageNanoCores: nested(3, UInt64Value),
}) {}

/** Memory used. */
export class WindowsMemoryUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  workingSetBytes: nested(2, UInt64Value),
  availableBytes: nested(3, UInt64Value),
  pageFaults: nested(4, UInt64Value),
  commitMemoryBytes: nested(5, UInt64Value),
}) {}

/** What a container uses. */
export class WindowsContainerStats extends message({
  attributes: nested(1, ContainerAttributes),
  cpu: nested(2, WindowsCpuUsage),
  memory: nested(3, WindowsMemoryUsage),
  writableLayer: nested(4, WindowsFilesystemUsage),
}) {}

/** Traffic of one interface. */
export class WindowsNetworkInterfaceUsage extends message({
  name: string(1),
  rxBytes: nested(2, UInt64Value),
  rxPacketsDropped: nested(3, UInt64Value),
  txBytes: nested(4, UInt64Value),
  txPacketsDropped: nested(5, UInt64Value),
}) {}

/** Traffic of a sandbox. */
export class WindowsNetworkUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  defaultInterface: nested(2, WindowsNetworkInterfaceUsage),
  interfaces: list(3, WindowsNetworkInterfaceUsage),
}) {}

/** Processes of a sandbox. */
export class WindowsProcessUsage extends message({
  /** Nanoseconds since 1970. */
  timestamp: int64(1),
  processCount: nested(2, UInt64Value),
}) {}

/** What a sandbox uses, on Windows. */
export class WindowsPodSandboxStats extends message({
  cpu: nested(1, WindowsCpuUsage),
  memory: nested(2, WindowsMemoryUsage),
  network: nested(3, WindowsNetworkUsage),
  process: nested(4, WindowsProcessUsage),
  containers: list(5, WindowsContainerStats),
}) {}
