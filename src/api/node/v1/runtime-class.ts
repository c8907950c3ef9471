import { list, map, message, of, pointer, present, quantity, required, string } from '#machinery';
import { Toleration } from '../../core/v1/taint.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Overhead extends message('What running a pod costs beside its containers.', {
  podFixed: map(1, 'How much of each resource.', quantity(0, '')),
}) {}

export class Scheduling extends message('The nodes that have the runtime.', {
  nodeSelector: map(1, 'Their labels.', string(0, ''), { atomic: true }),
  tolerations: list(2, 'The taints of theirs that pods bear.', Toleration),
}) {}

export class RuntimeClass extends message('A way to run containers: the runtime, and the nodes that have it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  handler: required(
    string(2, "The runtime's name in the configuration of the CRI. It never changes.", { minLength: 0 }),
  ),
  overhead: pointer(of(3, 'What a pod costs beside its containers.', Overhead)),
  scheduling: pointer(of(4, 'The nodes that have it; all by default.', Scheduling)),
}) {}
