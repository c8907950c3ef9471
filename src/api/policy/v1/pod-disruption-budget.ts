import { int32, int64, intOrString, listMap, map, message, of, oneOf, pointer, present, time } from '#machinery';
import { Condition } from '../../meta/v1/condition.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PodDisruptionBudgetSpec extends message('How many pods may be evicted at the same time.', {
  minAvailable: pointer(intOrString(1, 'How many pods have to stay healthy, as a number or share.')),
  selector: pointer(
    of(2, 'The labels of the pods that are meant; none without it, all when it is empty.', LabelSelector, {
      patchStrategy: ['replace'],
    }),
  ),
  maxUnavailable: pointer(intOrString(3, 'How many pods may be unhealthy or missing, as a number or share.')),
  unhealthyPodEvictionPolicy: pointer(
    oneOf(4, 'Whether unhealthy pods may go although too few are healthy.', ['AlwaysAllow', 'IfHealthyBudget']),
  ),
}) {}

export class PodDisruptionBudgetStatus extends message('How many pods may be evicted now.', {
  observedGeneration: int64(1, 'The generation of the budget that this is about.'),
  disruptedPods: map(2, 'Pods that were evicted and are not seen to go yet, with the time of it.', time(0, '')),
  disruptionsAllowed: int32(3, 'How many pods may be evicted now.', { emitEmpty: true }),
  currentHealthy: int32(4, 'How many pods are healthy.', { emitEmpty: true }),
  desiredHealthy: int32(5, 'How many pods have to stay healthy.', { emitEmpty: true }),
  expectedPods: int32(6, 'How many pods there are to be.', { emitEmpty: true }),
  conditions: listMap(7, 'How the budget does, aspect by aspect.', ['type'], Condition, { patchMergeKey: 'type' }),
}) {}

export class PodDisruptionBudget extends message('How much of an application may be evicted at the same time.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', PodDisruptionBudgetSpec)),
  status: present(of(3, 'What is.', PodDisruptionBudgetStatus)),
}) {}
