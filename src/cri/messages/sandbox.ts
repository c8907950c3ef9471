import { bigInt64, bool, enumeration, int64, list, map, message, nested, oneOf, string, type EnumOf } from '#wire';
import { LinuxContainerResources, NamespaceOption } from './common.ts';
import { ContainerStatus } from './container.ts';
import { PodSandboxConfig, PodSandboxMetadata } from './sandbox-config.ts';

// Pod sandboxes: their life and their state.

/** Asks to make and start a sandbox. */
export class RunPodSandboxRequest extends message({
  config: nested(1, PodSandboxConfig),
  /** Empty: the default handler. */
  runtimeHandler: string(2),
}) {}

/** The sandbox is ready. */
export class RunPodSandboxResponse extends message({
  podSandboxId: string(1),
}) {}

/** Asks to stop a sandbox and what runs in it, and to give back its network. */
export class StopPodSandboxRequest extends message({
  podSandboxId: string(1),
}) {}

/** The sandbox stopped. */
export class StopPodSandboxResponse extends message({}) {}

/** Asks to remove a sandbox and its containers. */
export class RemovePodSandboxRequest extends message({
  podSandboxId: string(1),
}) {}

/** The sandbox is gone. */
export class RemovePodSandboxResponse extends message({}) {}

/** Asks for all about one sandbox. */
export class PodSandboxStatusRequest extends message({
  podSandboxId: string(1),
  /** Ask for `info` too. */
  verbose: bool(2),
}) {}

/** An address of a pod. */
export class PodIP extends message({
  ip: string(1),
}) {}

/** The addresses of a sandbox; none with host network. */
export class PodSandboxNetworkStatus extends message({
  /** The first address. */
  ip: string(1),
  additionalIps: list(2, PodIP),
}) {}

/** The namespaces of a sandbox. */
export class Namespace extends message({
  options: nested(2, NamespaceOption),
}) {}

/** The Linux part of the status. */
export class LinuxPodSandboxStatus extends message({
  namespaces: nested(1, Namespace),
}) {}

/** Whether a sandbox can run containers. */
export const PodSandboxState = enumeration({ SANDBOX_READY: 0, SANDBOX_NOTREADY: 1 });
export type PodSandboxState = EnumOf<typeof PodSandboxState>;

/** A sandbox in full. */
export class PodSandboxStatus extends message({
  id: string(1),
  metadata: nested(2, PodSandboxMetadata),
  state: oneOf(3, PodSandboxState),
  /** Nanoseconds since 1970. */
  createdAt: bigInt64(4),
  network: nested(5, PodSandboxNetworkStatus),
  linux: nested(6, LinuxPodSandboxStatus),
  labels: map(7, string),
  annotations: map(8, string),
  runtimeHandler: string(9),
}) {}

/** A sandbox in full, with what the runtime cares to tell. */
export class PodSandboxStatusResponse extends message({
  status: nested(1, PodSandboxStatus),
  info: map(2, string),
  /** Only where the runtime sends events. */
  containersStatuses: list(3, ContainerStatus),
  /** Nanoseconds since 1970. */
  timestamp: int64(4),
}) {}

/** A state to filter by. */
export class PodSandboxStateValue extends message({
  state: oneOf(1, PodSandboxState),
}) {}

/** Which sandboxes to list: all conditions that are given must hold. */
export class PodSandboxFilter extends message({
  id: string(1),
  state: nested(2, PodSandboxStateValue),
  /** All of these labels. */
  labelSelector: map(3, string),
}) {}

/** Asks for the sandboxes that pass a filter. */
export class ListPodSandboxRequest extends message({
  filter: nested(1, PodSandboxFilter),
}) {}

/** A sandbox, in short. */
export class PodSandbox extends message({
  id: string(1),
  metadata: nested(2, PodSandboxMetadata),
  state: oneOf(3, PodSandboxState),
  /** Nanoseconds since 1970. */
  createdAt: bigInt64(4),
  labels: map(5, string),
  annotations: map(6, string),
  runtimeHandler: string(7),
}) {}

/** The sandboxes. */
export class ListPodSandboxResponse extends message({
  items: list(1, PodSandbox),
}) {}

/** Asks for the sandboxes that pass a filter, in portions. */
export class StreamPodSandboxesRequest extends message({
  filter: nested(1, PodSandboxFilter),
}) {}

/** A portion of the sandboxes. */
export class StreamPodSandboxesResponse extends message({
  podSandboxes: list(1, PodSandbox),
}) {}

/** Tells the runtime the new limits of a whole pod. */
export class UpdatePodSandboxResourcesRequest extends message({
  podSandboxId: string(1),
  overhead: nested(2, LinuxContainerResources),
  resources: nested(3, LinuxContainerResources),
}) {}

/** The runtime took note. */
export class UpdatePodSandboxResourcesResponse extends message({}) {}

/** What happened to a container. */
export const ContainerEventType = enumeration({
  CONTAINER_CREATED_EVENT: 0,
  CONTAINER_STARTED_EVENT: 1,
  CONTAINER_STOPPED_EVENT: 2,
  CONTAINER_DELETED_EVENT: 3,
});
export type ContainerEventType = EnumOf<typeof ContainerEventType>;

/** Asks for all events from now on. */
export class GetEventsRequest extends message({}) {}

/** Something happened to a container or sandbox; tells the pod as it is since. */
export class ContainerEventResponse extends message({
  containerId: string(1),
  containerEventType: oneOf(2, ContainerEventType),
  /** Nanoseconds since 1970. */
  createdAt: bigInt64(3),
  podSandboxStatus: nested(4, PodSandboxStatus),
  containersStatuses: list(5, ContainerStatus),
}) {}
