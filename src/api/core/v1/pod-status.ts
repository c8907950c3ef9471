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

export class PodCondition extends message('One aspect of how a pod does.', {
  type: required(string(1, 'Which aspect: `PodScheduled`, `Initialized`, `ContainersReady`, `Ready`.')),
  observedGeneration: int64(7, 'The generation of the pod that this is about.'),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastProbeTime: time(3, 'When it was last looked at.'),
  lastTransitionTime: time(4, 'Since when it is so.'),
  reason: string(5, 'Why, in one word.'),
  message: string(6, 'Why, in a sentence.'),
}) {}

export class PodIP extends message('An address of a pod.', {
  ip: required(string(1, 'The address.')),
}) {}

export class HostIP extends message('An address of a node.', {
  ip: required(string(1, 'The address.')),
}) {}

export class PodResourceClaimStatus extends message('The claim that was made for an entry of `spec.resourceClaims`.', {
  name: required(string(1, "The entry's name.")),
  resourceClaimName: pointer(string(2, "The claim's name; absent when none is needed.")),
}) {}

export class ContainerExtendedResourceRequest extends message(
  'Which request of a claim stands for an extended resource of a container.',
  {
    containerName: required(string(1, 'The container.')),
    resourceName: required(string(2, 'The extended resource.')),
    requestName: required(string(3, 'The request.')),
  },
) {}

export class PodExtendedResourceClaimStatus extends message("The claim that stands for the pod's extended resources.", {
  requestMappings: required(list(1, 'What stands for what.', ContainerExtendedResourceRequest)),
  resourceClaimName: required(string(2, "The claim's name.")),
}) {}

export class NodeAllocatableResourceClaimStatus extends message("What a claim takes of the node's own resources.", {
  resourceClaimName: required(string(1, "The claim's name.")),
  containers: set(2, 'The containers that use it.', string(0, '')),
  resources: required(map(3, 'How much it takes.', quantity(0, ''))),
}) {}

export class PodStatus extends message('How a pod does, as its kubelet tells it.', {
  observedGeneration: int64(17, 'The generation of the pod that this is about.'),
  phase: string(1, 'Where it is in its life.', { enum: ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] }),
  conditions: listMap(2, 'How it does, aspect by aspect.', ['type'], PodCondition, { patchMergeKey: 'type' }),
  message: string(3, 'Why it is so, in a sentence.'),
  reason: string(4, 'Why it is so, in one word, such as `Evicted`.'),
  nominatedNodeName: string(11, 'The node that pods are pushed off to make room for it.'),
  hostIP: string(5, 'The address of its node.'),
  hostIPs: list(16, 'The addresses of its node, one of each family.', HostIP, {
    patchMergeKey: 'ip',
    patchStrategy: ['merge'],
  }),
  podIP: string(6, 'Its address.'),
  podIPs: listMap(12, 'Its addresses, one of each family.', ['ip'], PodIP, { patchMergeKey: 'ip' }),
  startTime: pointer(time(7, 'When the kubelet took it up, before any image was pulled.')),
  initContainerStatuses: list(10, 'How its init containers do.', ContainerStatus),
  containerStatuses: list(8, 'How its containers do.', ContainerStatus),
  qosClass: oneOf(9, 'How it fares when the node runs short, told from its requests and limits.', [
    'Guaranteed',
    'Burstable',
    'BestEffort',
  ]),
  ephemeralContainerStatuses: list(13, 'How its ephemeral containers do.', ContainerStatus),
  resize: oneOf(14, 'Where a change of its resources stands. Conditions tell this now.', [
    'InProgress',
    'Deferred',
    'Infeasible',
  ]),
  resourceClaimStatuses: listMap(15, 'The claims that were made for it.', ['name'], PodResourceClaimStatus, {
    patchMergeKey: 'name',
    patchStrategy: ['merge', 'retainKeys'],
  }),
  extendedResourceClaimStatus: pointer(
    of(18, 'The claim that stands for its extended resources.', PodExtendedResourceClaimStatus),
  ),
  allocatedResources: map(19, 'What the node has set aside for it as a whole.', quantity(0, '')),
  resources: pointer(of(20, 'What is in force for it as a whole.', ResourceRequirements)),
  nodeAllocatableResourceClaimStatuses: list(
    21,
    "What its claims take of the node's own resources.",
    NodeAllocatableResourceClaimStatus,
  ),
}) {}
