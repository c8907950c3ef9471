import { bool, int32, int64, list, map, message, nested, oneOf, string, uint32 } from '#wire';
import {
  Int64Value,
  LinuxContainerResources,
  NamespaceOption,
  Protocol,
  SELinuxOption,
  SecurityProfile,
  SupplementalGroupsPolicy,
} from './common.ts';
import { WindowsPodSandboxConfig } from './windows.ts';

// What a pod sandbox is made from.

/** What stands in the sandbox's resolv.conf. */
export class DNSConfig extends message({
  servers: list(1, string),
  searches: list(2, string),
  options: list(3, string),
}) {}

/** A port of the host led to a port of the pod. */
export class PortMapping extends message({
  protocol: oneOf(1, Protocol),
  containerPort: int32(2),
  hostPort: int32(3),
  hostIp: string(4),
}) {}

/** Security of the sandbox; containers may say otherwise. */
export class LinuxSandboxSecurityContext extends message({
  namespaceOptions: nested(1, NamespaceOption),
  selinuxOptions: nested(2, SELinuxOption),
  runAsUser: nested(3, Int64Value),
  runAsGroup: nested(8, Int64Value),
  readonlyRootfs: bool(4),
  supplementalGroups: list(5, int64),
  supplementalGroupsPolicy: oneOf(11, SupplementalGroupsPolicy),
  privileged: bool(6),
  seccomp: nested(9, SecurityProfile),
  apparmor: nested(10, SecurityProfile),
  /** Deprecated for `seccomp`. */
  seccompProfilePath: string(7),
}) {}

/** The Linux part of a sandbox. */
export class LinuxPodSandboxConfig extends message({
  /** The cgroup under which the pod lives; the runtime must use it. */
  cgroupParent: string(1),
  securityContext: nested(2, LinuxSandboxSecurityContext),
  sysctls: map(3, string),
  /** What the sandbox itself needs. */
  overhead: nested(4, LinuxContainerResources),
  /** The sum over the containers. */
  resources: nested(5, LinuxContainerResources),
}) {}

/** The identity of a sandbox: pod and attempt. */
export class PodSandboxMetadata extends message({
  name: string(1),
  uid: string(2),
  namespace: string(3),
  /** Counts the sandboxes made for this pod. */
  attempt: uint32(4),
}) {}

/** All that a sandbox is made from. */
export class PodSandboxConfig extends message({
  metadata: nested(1, PodSandboxMetadata),
  /** Empty with host network. */
  hostname: string(2),
  /** Where container logs go; `logPath` is relative to it. */
  logDirectory: string(3),
  dnsConfig: nested(4, DNSConfig),
  portMappings: list(5, PortMapping),
  labels: map(6, string),
  annotations: map(7, string),
  linux: nested(8, LinuxPodSandboxConfig),
  windows: nested(9, WindowsPodSandboxConfig),
}) {}
