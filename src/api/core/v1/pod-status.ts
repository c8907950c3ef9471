import {
  int64,
  list,
  listMap,
  map,
  message,
  of,
  oneOf,
  pointer,
  quantity,
  required,
  set,
  string,
  time,
} from '#machinery';
import { ContainerStatus } from './container-status.ts';
import { ResourceRequirements } from './resources.ts';

export class PodCondition extends message('PodCondition.', {
  type: required(string(1, 'The type.')),
  observedGeneration: int64(7, 'The observed generation.'),
  status: required(string(2, 'What is.')),
  lastProbeTime: time(3, 'The last probe time.'),
  lastTransitionTime: time(4, 'The last transition time.'),
  reason: string(5, 'The reason.'),
  message: string(6, 'The message.'),
}) {}

export class PodIP extends message('PodIP.', {
  ip: required(string(1, 'The ip.')),
}) {}

export class HostIP extends message('HostIP.', {
  ip: required(string(1, 'The ip.')),
}) {}

export class PodResourceClaimStatus extends message('PodResourceClaimStatus.', {
  name: required(string(1, 'The name.')),
  resourceClaimName: pointer(string(2, 'The resource claim name.')),
}) {}

export class ContainerExtendedResourceRequest extends message('ContainerExtendedResourceRequest.', {
  containerName: required(string(1, 'The container name.')),
  resourceName: required(string(2, 'The resource name.')),
  requestName: required(string(3, 'The request name.')),
}) {}

export class PodExtendedResourceClaimStatus extends message('PodExtendedResourceClaimStatus.', {
  requestMappings: required(list(1, 'The request mappings.', ContainerExtendedResourceRequest)),
  resourceClaimName: required(string(2, 'The resource claim name.')),
}) {}

export class NodeAllocatableResourceClaimStatus extends message('NodeAllocatableResourceClaimStatus.', {
  resourceClaimName: required(string(1, 'The resource claim name.')),
  containers: set(2, 'The containers.', string(0, '')),
  resources: required(map(3, 'The resources.', quantity(0, ''))),
}) {}

export class PodStatus extends message('PodStatus.', {
  observedGeneration: int64(17, 'The observed generation.'),
  phase: string(1, 'The phase.', { enum: ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] }),
  conditions: listMap(2, 'The conditions.', ['type'], PodCondition, { patchMergeKey: 'type' }),
  message: string(3, 'The message.'),
  reason: string(4, 'The reason.'),
  nominatedNodeName: string(11, 'The nominated node name.'),
  hostIP: string(5, 'The host ip.'),
  hostIPs: list(16, 'The host ips.', HostIP, { patchMergeKey: 'ip', patchStrategy: ['merge'] }),
  podIP: string(6, 'The pod ip.'),
  podIPs: listMap(12, 'The pod ips.', ['ip'], PodIP, { patchMergeKey: 'ip' }),
  startTime: pointer(time(7, 'The start time.')),
  initContainerStatuses: list(10, 'The init container statuses.', ContainerStatus),
  containerStatuses: list(8, 'The container statuses.', ContainerStatus),
  qosClass: oneOf(9, 'The qos class.', ['Guaranteed', 'Burstable', 'BestEffort']),
  ephemeralContainerStatuses: list(13, 'The ephemeral container statuses.', ContainerStatus),
  resize: oneOf(14, 'The resize.', ['InProgress', 'Deferred', 'Infeasible']),
  resourceClaimStatuses: listMap(15, 'The resource claim statuses.', ['name'], PodResourceClaimStatus, {
    patchMergeKey: 'name',
    patchStrategy: ['merge', 'retainKeys'],
  }),
  extendedResourceClaimStatus: pointer(of(18, 'The extended resource claim status.', PodExtendedResourceClaimStatus)),
  allocatedResources: map(19, 'The allocated resources.', quantity(0, '')),
  resources: pointer(of(20, 'The resources.', ResourceRequirements)),
  nodeAllocatableResourceClaimStatuses: list(
    21,
    'The node allocatable resource claim statuses.',
    NodeAllocatableResourceClaimStatus,
  ),
}) {}
