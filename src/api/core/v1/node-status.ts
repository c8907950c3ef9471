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

export class NodeCondition extends message('One aspect of how a node does.', {
  type: required(string(1, 'Which aspect: `Ready`, `MemoryPressure`, `DiskPressure`, `PIDPressure`.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastHeartbeatTime: time(3, 'When the kubelet last said so.'),
  lastTransitionTime: time(4, 'Since when it is so.'),
  reason: string(5, 'Why, in one word.'),
  message: string(6, 'Why, in a sentence.'),
}) {}

export class NodeAddress extends message('Where a node is reached.', {
  type: required(string(1, 'What it is: `InternalIP`, `ExternalIP`, `Hostname` and so on.')),
  address: required(string(2, 'The address.')),
}) {}

export class DaemonEndpoint extends message('The port of a daemon.', {
  Port: required(int32(1, 'The port.')),
}) {}

export class NodeDaemonEndpoints extends message("The ports of a node's daemons.", {
  kubeletEndpoint: of(1, "The kubelet's.", DaemonEndpoint),
}) {}

export class NodeSwapStatus extends message("A node's swap.", {
  capacity: pointer(int64(1, 'How many bytes it has.')),
}) {}

export class NodeSystemInfo extends message('What a node is made of.', {
  machineID: required(string(1, 'The id of its installation.')),
  systemUUID: required(string(2, 'The id of its hardware.')),
  bootID: required(string(3, 'The id of its boot.')),
  kernelVersion: required(string(4, 'Its kernel.')),
  osImage: required(string(5, 'Its distribution.')),
  containerRuntimeVersion: required(string(6, 'Its container runtime.')),
  kubeletVersion: required(string(7, 'Its kubelet.')),
  kubeProxyVersion: required(string(8, 'No longer told.')),
  operatingSystem: required(string(9, '`linux` or `windows`.')),
  architecture: required(string(10, 'Its processor, such as `amd64`.')),
  swap: pointer(of(11, 'Its swap.', NodeSwapStatus)),
}) {}

export class ContainerImage extends message('An image on a node.', {
  names: list(1, 'Its names.', string(0, ''), { emitEmpty: true }),
  sizeBytes: int64(2, 'Its size.'),
}) {}

export class AttachedVolume extends message('A volume that is attached to a node.', {
  name: required(string(1, "The volume's name.")),
  devicePath: required(string(2, 'The device it appears as.')),
}) {}

export class ConfigMapNodeConfigSource extends message("A ConfigMap with a kubelet's configuration. No longer used.", {
  namespace: required(string(1, 'Its namespace.')),
  name: required(string(2, 'Its name.')),
  uid: string(3, 'Its identity.'),
  resourceVersion: string(4, 'Its version.'),
  kubeletConfigKey: required(string(5, 'The key of the configuration.')),
}) {}

export class NodeConfigSource extends message("Where a kubelet's configuration comes from. No longer used.", {
  configMap: pointer(of(2, 'A ConfigMap.', ConfigMapNodeConfigSource)),
}) {}

export class NodeConfigStatus extends message("What became of a kubelet's configuration. No longer used.", {
  assigned: pointer(of(1, 'The one it was given.', NodeConfigSource)),
  active: pointer(of(2, 'The one in use.', NodeConfigSource)),
  lastKnownGood: pointer(of(3, 'The last that worked.', NodeConfigSource)),
  error: string(4, 'What is wrong with the one it was given.'),
}) {}

export class NodeRuntimeHandlerFeatures extends message('What a runtime handler can do.', {
  recursiveReadOnlyMounts: pointer(bool(1, 'Whether it can make mounts read-only all the way down.')),
  userNamespaces: pointer(bool(2, 'Whether it can make user namespaces.')),
}) {}

export class NodeRuntimeHandler extends message("A handler of a node's container runtime.", {
  name: string(1, 'Its name; empty for the default one.', { emitEmpty: true }),
  features: pointer(of(2, 'What it can do.', NodeRuntimeHandlerFeatures)),
}) {}

export class NodeFeatures extends message("What a node's container runtime can do.", {
  supplementalGroupsPolicy: pointer(bool(1, 'Whether it heeds `supplementalGroupsPolicy`.')),
}) {}

export class NodeStatus extends message('How a node does, as its kubelet tells it.', {
  capacity: map(1, 'All it has.', quantity(0, '')),
  allocatable: map(2, 'What is left for pods.', quantity(0, '')),
  phase: string(3, 'No longer told.'),
  conditions: listMap(4, 'How it does, aspect by aspect.', ['type'], NodeCondition, { patchMergeKey: 'type' }),
  addresses: listMap(5, 'Where it is reached.', ['type'], NodeAddress, { patchMergeKey: 'type' }),
  daemonEndpoints: of(6, 'The ports of its daemons.', NodeDaemonEndpoints),
  nodeInfo: of(7, 'What it is made of.', NodeSystemInfo),
  images: list(8, 'Images that it has.', ContainerImage),
  volumesInUse: list(9, 'Volumes that are mounted.', string(0, '')),
  volumesAttached: list(10, 'Volumes that are attached.', AttachedVolume),
  config: pointer(of(11, 'No longer told.', NodeConfigStatus)),
  runtimeHandlers: list(12, 'The handlers of its container runtime.', NodeRuntimeHandler),
  features: pointer(of(13, 'What its container runtime can do.', NodeFeatures)),
  declaredFeatures: list(14, 'Features that its kubelet says it has.', string(0, '')),
}) {}
