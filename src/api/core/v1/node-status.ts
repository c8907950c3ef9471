import {
  bool,
  int32,
  int64,
  list,
  listMap,
  map,
  message,
  of,
  pointer,
  quantity,
  required,
  string,
  time,
} from '#machinery';

export class NodeCondition extends message('NodeCondition.', {
  type: required(string(1, 'The type.')),
  status: required(string(2, 'What is.')),
  lastHeartbeatTime: time(3, 'The last heartbeat time.'),
  lastTransitionTime: time(4, 'The last transition time.'),
  reason: string(5, 'The reason.'),
  message: string(6, 'The message.'),
}) {}

export class NodeAddress extends message('NodeAddress.', {
  type: required(string(1, 'The type.')),
  address: required(string(2, 'The address.')),
}) {}

export class DaemonEndpoint extends message('DaemonEndpoint.', {
  Port: required(int32(1, 'The port.')),
}) {}

export class NodeDaemonEndpoints extends message('NodeDaemonEndpoints.', {
  kubeletEndpoint: of(1, 'The kubelet endpoint.', DaemonEndpoint),
}) {}

export class NodeSwapStatus extends message('NodeSwapStatus.', {
  capacity: pointer(int64(1, 'The capacity.')),
}) {}

export class NodeSystemInfo extends message('NodeSystemInfo.', {
  machineID: required(string(1, 'The machine id.')),
  systemUUID: required(string(2, 'The system uuid.')),
  bootID: required(string(3, 'The boot id.')),
  kernelVersion: required(string(4, 'The kernel version.')),
  osImage: required(string(5, 'The os image.')),
  containerRuntimeVersion: required(string(6, 'The container runtime version.')),
  kubeletVersion: required(string(7, 'The kubelet version.')),
  kubeProxyVersion: required(string(8, 'The kube proxy version.')),
  operatingSystem: required(string(9, 'The operating system.')),
  architecture: required(string(10, 'The architecture.')),
  swap: pointer(of(11, 'The swap.', NodeSwapStatus)),
}) {}

export class ContainerImage extends message('ContainerImage.', {
  names: list(1, 'The names.', string(0, ''), { emitEmpty: true }),
  sizeBytes: int64(2, 'The size bytes.'),
}) {}

export class AttachedVolume extends message('AttachedVolume.', {
  name: required(string(1, 'The name.')),
  devicePath: required(string(2, 'The device path.')),
}) {}

export class ConfigMapNodeConfigSource extends message('ConfigMapNodeConfigSource.', {
  namespace: required(string(1, 'The namespace.')),
  name: required(string(2, 'The name.')),
  uid: string(3, 'The uid.'),
  resourceVersion: string(4, 'The resource version.'),
  kubeletConfigKey: required(string(5, 'The kubelet config key.')),
}) {}

export class NodeConfigSource extends message('NodeConfigSource.', {
  configMap: pointer(of(2, 'The config map.', ConfigMapNodeConfigSource)),
}) {}

export class NodeConfigStatus extends message('NodeConfigStatus.', {
  assigned: pointer(of(1, 'The assigned.', NodeConfigSource)),
  active: pointer(of(2, 'The active.', NodeConfigSource)),
  lastKnownGood: pointer(of(3, 'The last known good.', NodeConfigSource)),
  error: string(4, 'The error.'),
}) {}

export class NodeRuntimeHandlerFeatures extends message('NodeRuntimeHandlerFeatures.', {
  recursiveReadOnlyMounts: pointer(bool(1, 'The recursive read only mounts.')),
  userNamespaces: pointer(bool(2, 'The user namespaces.')),
}) {}

export class NodeRuntimeHandler extends message('NodeRuntimeHandler.', {
  name: string(1, 'The name.', { emitEmpty: true }),
  features: pointer(of(2, 'The features.', NodeRuntimeHandlerFeatures)),
}) {}

export class NodeFeatures extends message('NodeFeatures.', {
  supplementalGroupsPolicy: pointer(bool(1, 'The supplemental groups policy.')),
}) {}

export class NodeStatus extends message('NodeStatus.', {
  capacity: map(1, 'The capacity.', quantity(0, '')),
  allocatable: map(2, 'The allocatable.', quantity(0, '')),
  phase: string(3, 'The phase.'),
  conditions: listMap(4, 'The conditions.', ['type'], NodeCondition, { patchMergeKey: 'type' }),
  addresses: listMap(5, 'The addresses.', ['type'], NodeAddress, { patchMergeKey: 'type' }),
  daemonEndpoints: of(6, 'The daemon endpoints.', NodeDaemonEndpoints),
  nodeInfo: of(7, 'The node info.', NodeSystemInfo),
  images: list(8, 'The images.', ContainerImage),
  volumesInUse: list(9, 'The volumes in use.', string(0, '')),
  volumesAttached: list(10, 'The volumes attached.', AttachedVolume),
  config: pointer(of(11, 'The config.', NodeConfigStatus)),
  runtimeHandlers: list(12, 'The runtime handlers.', NodeRuntimeHandler),
  features: pointer(of(13, 'The features.', NodeFeatures)),
  declaredFeatures: list(14, 'The declared features.', string(0, '')),
}) {}
