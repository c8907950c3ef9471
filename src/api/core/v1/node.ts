import { bool, list, message, of, pointer, present, set, string } from '#machinery';
import { NodeConfigSource, NodeStatus } from './node-status.ts';
import { Taint } from './taint.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class NodeSpec extends message('NodeSpec.', {
  podCIDR: string(1, 'The pod cidr.'),
  podCIDRs: set(7, 'The pod cidrs.', string(0, ''), { patchStrategy: ['merge'] }),
  providerID: string(3, 'The provider id.'),
  unschedulable: bool(4, 'The unschedulable.'),
  taints: list(5, 'The taints.', Taint),
  configSource: pointer(of(6, 'The config source.', NodeConfigSource)),
  externalID: string(2, 'The external id.'),
}) {}

export class Node extends message('Node.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', NodeSpec)),
  status: present(of(3, 'What is.', NodeStatus)),
}) {}
