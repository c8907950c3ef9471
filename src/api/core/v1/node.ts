import { bool, list, message, of, pointer, present, set, string } from '#machinery';
import { NodeConfigSource, NodeStatus } from './node-status.ts';
import { Taint } from './taint.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class NodeSpec extends message('What is wanted of a node.', {
  podCIDR: string(1, 'The addresses of its pods.'),
  podCIDRs: set(7, 'The addresses of its pods, one range of each family.', string(0, ''), { patchStrategy: ['merge'] }),
  providerID: string(3, 'What its cloud calls it.'),
  unschedulable: bool(4, 'Whether new pods stay away (`kubectl cordon`).'),
  taints: list(5, 'What keeps pods off it.', Taint),
  configSource: pointer(of(6, 'No longer used.', NodeConfigSource)),
  externalID: string(2, 'No longer used.'),
}) {}

export class Node extends message('A machine that runs pods.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', NodeSpec)),
  status: present(of(3, 'What is.', NodeStatus)),
}) {}
