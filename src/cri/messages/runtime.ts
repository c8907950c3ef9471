import { bool, enumeration, list, map, message, nested, oneOf, string, type EnumOf } from '#wire';

// The runtime itself: version, health, configuration.

/** Asks who the runtime is. */
export class VersionRequest extends message({
  /** The version of the API that the kubelet speaks. */
  version: string(1),
}) {}

/** The runtime and its version. */
export class VersionResponse extends message({
  version: string(1),
  runtimeName: string(2),
  runtimeVersion: string(3),
  runtimeApiVersion: string(4),
}) {}

/** The network of the node. */
export class NetworkConfig extends message({
  podCidr: string(1),
}) {}

/** What the kubelet tells the runtime. */
export class RuntimeConfig extends message({
  networkConfig: nested(1, NetworkConfig),
}) {}

/** Tells the runtime the pod network of its node. */
export class UpdateRuntimeConfigRequest extends message({
  runtimeConfig: nested(1, RuntimeConfig),
}) {}

/** The runtime took note. */
export class UpdateRuntimeConfigResponse extends message({}) {}

/** One aspect of health: `RuntimeReady` or `NetworkReady`. */
export class RuntimeCondition extends message({
  type: string(1),
  status: bool(2),
  reason: string(3),
  message: string(4),
}) {}

/** The health of the runtime. */
export class RuntimeStatus extends message({
  conditions: list(1, RuntimeCondition),
}) {}

/** Asks for the health of the runtime. */
export class StatusRequest extends message({
  /** Ask for `info` too. */
  verbose: bool(1),
}) {}

/** What a runtime handler can do. */
export class RuntimeHandlerFeatures extends message({
  recursiveReadOnlyMounts: bool(1),
  userNamespaces: bool(2),
}) {}

/** A runtime handler: runc, crun. */
export class RuntimeHandler extends message({
  name: string(1),
  features: nested(2, RuntimeHandlerFeatures),
}) {}

/** What the runtime can do, whatever the handler. */
export class RuntimeFeatures extends message({
  supplementalGroupsPolicy: bool(1),
  userNamespacesHostNetwork: bool(2),
}) {}

/** The health of the runtime, and what it can do. */
export class StatusResponse extends message({
  status: nested(1, RuntimeStatus),
  info: map(2, string),
  runtimeHandlers: list(3, RuntimeHandler),
  features: nested(4, RuntimeFeatures),
}) {}

/** Asks how the runtime is set up. */
export class RuntimeConfigRequest extends message({}) {}

/** Who makes cgroups. */
export const CgroupDriver = enumeration({ SYSTEMD: 0, CGROUPFS: 1 });
export type CgroupDriver = EnumOf<typeof CgroupDriver>;

/** The Linux part of the setup. */
export class LinuxRuntimeConfiguration extends message({
  cgroupDriver: oneOf(1, CgroupDriver),
}) {}

/** How the runtime is set up. */
export class RuntimeConfigResponse extends message({
  linux: nested(1, LinuxRuntimeConfiguration),
}) {}
