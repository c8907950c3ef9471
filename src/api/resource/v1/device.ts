import { bool, list, map, message, of, pointer, required, string } from '#machinery';
import { NodeSelector } from '../../core/v1/affinity.ts';
import { DeviceCapacity, DeviceCounterConsumption, NodeAllocatableResourceMapping } from './device-capacity.ts';
import { DeviceAttribute, DeviceTaint } from './device-traits.ts';

export class Device extends message('A device that pods may be given.', {
  name: required(string(1, 'Its name, unique in the pool.')),
  attributes: map(2, 'What it is like.', DeviceAttribute),
  capacity: map(3, 'How much it has of what.', DeviceCapacity),
  consumesCounters: list(4, 'What it takes of what it shares with other devices.', DeviceCounterConsumption),
  nodeName: pointer(string(5, 'The node that can use it.')),
  nodeSelector: pointer(of(6, 'The nodes that can use it.', NodeSelector)),
  allNodes: pointer(bool(7, 'Whether all nodes can use it.')),
  taints: list(8, 'What keeps claims away from it.', DeviceTaint),
  bindsToNode: pointer(bool(9, 'Whether an allocation of it binds the claim to one node.')),
  bindingConditions: list(10, 'Conditions that have to be true before a pod is bound.', string(0, '')),
  bindingFailureConditions: list(
    11,
    'Conditions of which one that is true means that a pod can not be bound.',
    string(0, ''),
  ),
  allowMultipleAllocations: pointer(bool(12, 'Whether several claims may share it.')),
  nodeAllocatableResourceMappings: map(
    13,
    "Which of the node's own resources it stands for.",
    NodeAllocatableResourceMapping,
  ),
}) {}
