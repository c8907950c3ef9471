import {
  bigInt64,
  bool,
  enumeration,
  int32,
  int64,
  list,
  map,
  message,
  nested,
  oneOf,
  string,
  uint32,
  type EnumOf,
} from '#wire';
import {
  IDMapping,
  ImageSpec,
  Int64Value,
  KeyValue,
  LinuxContainerResources,
  MountPropagation,
  NamespaceOption,
  SELinuxOption,
  SecurityProfile,
  Signal,
  SupplementalGroupsPolicy,
} from './common.ts';
import { PodSandboxConfig } from './sandbox-config.ts';
import { WindowsContainerConfig, WindowsContainerResources } from './windows.ts';

// Containers: what one is made from, its life and its state.

/** A path of the host, or an image, mounted into a container. */
export class Mount extends message({
  containerPath: string(1),
  /** Empty when `image` is given. */
  hostPath: string(2),
  /** Whether the container may not write. */
  readonly: bool(3),
  selinuxRelabel: bool(4),
  propagation: oneOf(5, MountPropagation),
  uidMappings: list(6, IDMapping),
  gidMappings: list(7, IDMapping),
  /** Read-only for mounts below, too. */
  recursiveReadOnly: bool(8),
  /** An image to mount instead of a path. */
  image: nested(9, ImageSpec),
  /** The part of the image to mount. */
  imageSubPath: string(10),
}) {}

/** The identity of a container within its sandbox. */
export class ContainerMetadata extends message({
  name: string(1),
  /** Counts the containers made for this name. */
  attempt: uint32(2),
}) {}

/** A device of the host, given to a container. */
export class Device extends message({
  containerPath: string(1),
  hostPath: string(2),
  permissions: string(3),
}) {}

/** A device named in the Container Device Interface. */
export class CDIDevice extends message({
  name: string(1),
}) {}

/** Linux capabilities added to and dropped from the default set. */
export class Capability extends message({
  addCapabilities: list(1, string),
  dropCapabilities: list(2, string),
  addAmbientCapabilities: list(3, string),
}) {}

/** Security of a container. */
export class LinuxContainerSecurityContext extends message({
  capabilities: nested(1, Capability),
  privileged: bool(2),
  namespaceOptions: nested(3, NamespaceOption),
  selinuxOptions: nested(4, SELinuxOption),
  runAsUser: nested(5, Int64Value),
  runAsGroup: nested(12, Int64Value),
  /** A user name of the image's /etc/passwd, when `runAsUser` is absent. */
  runAsUsername: string(6),
  readonlyRootfs: bool(7),
  supplementalGroups: list(8, int64),
  supplementalGroupsPolicy: oneOf(17, SupplementalGroupsPolicy),
  noNewPrivs: bool(11),
  /** Paths that the container must not see. */
  maskedPaths: list(13, string),
  /** Paths that the container must not write. */
  readonlyPaths: list(14, string),
  seccomp: nested(15, SecurityProfile),
  apparmor: nested(16, SecurityProfile),
  /** Deprecated for `apparmor`. */
  apparmorProfile: string(9),
  /** Deprecated for `seccomp`. */
  seccompProfilePath: string(10),
}) {}

/** The Linux part of a container. */
export class LinuxContainerConfig extends message({
  resources: nested(1, LinuxContainerResources),
  securityContext: nested(2, LinuxContainerSecurityContext),
}) {}

/** The numbers a process runs as. */
export class LinuxContainerUser extends message({
  uid: int64(1),
  gid: int64(2),
  supplementalGroups: list(3, int64),
}) {}

/** Who the first process of a container runs as. */
export class ContainerUser extends message({
  linux: nested(1, LinuxContainerUser),
}) {}

/** All that a container is made from. */
export class ContainerConfig extends message({
  metadata: nested(1, ContainerMetadata),
  image: nested(2, ImageSpec),
  /** In place of the image's entrypoint. */
  command: list(3, string),
  /** In place of the image's command. */
  args: list(4, string),
  workingDir: string(5),
  envs: list(6, KeyValue),
  mounts: list(7, Mount),
  devices: list(8, Device),
  labels: map(9, string),
  annotations: map(10, string),
  /** Relative to the sandbox's `logDirectory`. */
  logPath: string(11),
  stdin: bool(12),
  /** Close stdin after the first attach ends. */
  stdinOnce: bool(13),
  tty: bool(14),
  linux: nested(15, LinuxContainerConfig),
  windows: nested(16, WindowsContainerConfig),
  cdiDevices: list(17, CDIDevice),
  stopSignal: oneOf(18, Signal),
}) {}

/** The limits in force. */
export class ContainerResources extends message({
  linux: nested(1, LinuxContainerResources),
  windows: nested(2, WindowsContainerResources),
}) {}

/** Asks for a container in a sandbox that runs. */
export class CreateContainerRequest extends message({
  podSandboxId: string(1),
  config: nested(2, ContainerConfig),
  sandboxConfig: nested(3, PodSandboxConfig),
}) {}

/** The new container. */
export class CreateContainerResponse extends message({
  containerId: string(1),
}) {}

/** Asks to start a created container. */
export class StartContainerRequest extends message({
  containerId: string(1),
}) {}

/** The container started. */
export class StartContainerResponse extends message({}) {}

/** Asks to stop a container within a grace period. */
export class StopContainerRequest extends message({
  containerId: string(1),
  /** Seconds until the container is killed. */
  timeout: int64(2),
}) {}

/** The container stopped. */
export class StopContainerResponse extends message({}) {}

/** Asks to remove a container, running or not. */
export class RemoveContainerRequest extends message({
  containerId: string(1),
}) {}

/** The container is gone. */
export class RemoveContainerResponse extends message({}) {}

/** Where a container is in its life. */
export const ContainerState = enumeration({
  CONTAINER_CREATED: 0,
  CONTAINER_RUNNING: 1,
  CONTAINER_EXITED: 2,
  CONTAINER_UNKNOWN: 3,
});
export type ContainerState = EnumOf<typeof ContainerState>;

/** A state to filter by. */
export class ContainerStateValue extends message({
  state: oneOf(1, ContainerState),
}) {}

/** Which containers to list: all conditions that are given must hold. */
export class ContainerFilter extends message({
  id: string(1),
  state: nested(2, ContainerStateValue),
  podSandboxId: string(3),
  /** All of these labels. */
  labelSelector: map(4, string),
}) {}

/** Asks for the containers that pass a filter. */
export class ListContainersRequest extends message({
  filter: nested(1, ContainerFilter),
}) {}

/** A container, in short. */
export class Container extends message({
  id: string(1),
  podSandboxId: string(2),
  metadata: nested(3, ContainerMetadata),
  image: nested(4, ImageSpec),
  /** The digest the image was pulled by. */
  imageRef: string(5),
  state: oneOf(6, ContainerState),
  /** Nanoseconds since 1970. */
  createdAt: bigInt64(7),
  labels: map(8, string),
  annotations: map(9, string),
  imageId: string(10),
}) {}

/** The containers. */
export class ListContainersResponse extends message({
  containers: list(1, Container),
}) {}

/** Asks for the containers that pass a filter, in portions. */
export class StreamContainersRequest extends message({
  filter: nested(1, ContainerFilter),
}) {}

/** A portion of the containers. */
export class StreamContainersResponse extends message({
  containers: list(1, Container),
}) {}

/** Asks for all about one container. */
export class ContainerStatusRequest extends message({
  containerId: string(1),
  /** Ask for `info` too. */
  verbose: bool(2),
}) {}

/** A container in full. */
export class ContainerStatus extends message({
  id: string(1),
  metadata: nested(2, ContainerMetadata),
  state: oneOf(3, ContainerState),
  /** Nanoseconds since 1970. */
  createdAt: bigInt64(4),
  /** Nanoseconds since 1970; 0 before the start. */
  startedAt: bigInt64(5),
  /** Nanoseconds since 1970; 0 before the end. */
  finishedAt: bigInt64(6),
  exitCode: int32(7),
  image: nested(8, ImageSpec),
  /** The digest the image was pulled by. */
  imageRef: string(9),
  /** One word: `Completed`, `Error`, `OOMKilled`. */
  reason: string(10),
  message: string(11),
  labels: map(12, string),
  annotations: map(13, string),
  mounts: list(14, Mount),
  /** An absolute path. */
  logPath: string(15),
  resources: nested(16, ContainerResources),
  imageId: string(17),
  user: nested(18, ContainerUser),
  stopSignal: oneOf(19, Signal),
}) {}

/** A container in full, with what the runtime cares to tell. */
export class ContainerStatusResponse extends message({
  status: nested(1, ContainerStatus),
  info: map(2, string),
}) {}

/** Asks to change the limits of a container. */
export class UpdateContainerResourcesRequest extends message({
  containerId: string(1),
  linux: nested(2, LinuxContainerResources),
  windows: nested(3, WindowsContainerResources),
  annotations: map(4, string),
}) {}

/** The limits are in force. */
export class UpdateContainerResourcesResponse extends message({}) {}

/** Asks to open the log file anew, after a rotation. */
export class ReopenContainerLogRequest extends message({
  containerId: string(1),
}) {}

/** The log goes to the new file. */
export class ReopenContainerLogResponse extends message({}) {}

/** Asks to write the state of a running container to a file. */
export class CheckpointContainerRequest extends message({
  containerId: string(1),
  /** The file to write. */
  location: string(2),
  /** Seconds; 0 leaves it to the runtime. */
  timeout: int64(3),
}) {}

/** The checkpoint is written. */
export class CheckpointContainerResponse extends message({}) {}
