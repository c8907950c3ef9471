import { bool, int64, list, message, nested, oneOf, string, uint32, uint64 } from '#wire';
import { NamespaceMode } from './common.ts';

// The Windows halves of the messages. Kedge runs Linux containers and only carries these.

/** Namespaces on Windows. */
export class WindowsNamespaceOption extends message({
  network: oneOf(1, NamespaceMode),
}) {}

/** Who a Windows sandbox runs as. */
export class WindowsSandboxSecurityContext extends message({
  runAsUsername: string(1),
  credentialSpec: string(2),
  hostProcess: bool(3),
  namespaceOptions: nested(4, WindowsNamespaceOption),
}) {}

/** The Windows part of a sandbox. */
export class WindowsPodSandboxConfig extends message({
  securityContext: nested(1, WindowsSandboxSecurityContext),
}) {}

/** Who a Windows container runs as. */
export class WindowsContainerSecurityContext extends message({
  runAsUsername: string(1),
  credentialSpec: string(2),
  hostProcess: bool(3),
}) {}

/** Processors of one group. */
export class WindowsCpuGroupAffinity extends message({
  cpuMask: uint64(1),
  cpuGroup: uint32(2),
}) {}

/** Limits of a Windows container. */
export class WindowsContainerResources extends message({
  cpuShares: int64(1),
  cpuCount: int64(2),
  cpuMaximum: int64(3),
  memoryLimitInBytes: int64(4),
  rootfsSizeInBytes: int64(5),
  affinityCpus: list(6, WindowsCpuGroupAffinity),
}) {}

/** The Windows part of a container. */
export class WindowsContainerConfig extends message({
  resources: nested(1, WindowsContainerResources),
  securityContext: nested(2, WindowsContainerSecurityContext),
}) {}
