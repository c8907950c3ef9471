import { bool, int32, message, of, oneOf, pointer, present, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PriorityClass extends message('A name for how important pods are.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  value: present(int32(2, 'How important: pods of a higher value go first.', { emitEmpty: true })),
  globalDefault: bool(3, 'Whether pods that name no class are of this one.'),
  description: string(4, 'When to use it.'),
  preemptionPolicy: pointer(
    oneOf(5, 'Whether such pods may push others off a node.', ['Never', 'PreemptLowerPriority'], {
      enumIsForRules: true,
    }),
  ),
}) {}
