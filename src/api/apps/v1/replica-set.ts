import { int32, int64, listMap, message, of, pointer, present, required } from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { PodTemplateSpec } from '../../core/v1/pod.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ReplicaSetSpec extends message('How many pods are wanted, and which.', {
  replicas: pointer(int32(1, 'How many; 1 by default.', { minimum: 0 })),
  minReadySeconds: int32(4, 'How long a pod has to be ready before it counts as available.', { minimum: 0 }),
  selector: required(pointer(of(2, 'The labels of the pods it counts. It never changes.', LabelSelector))),
  template: of(3, 'The pod that is made when there are too few.', PodTemplateSpec),
}) {}

export class ReplicaSetCondition extends message(
  'One aspect of how a ReplicaSet does.',
  conditionFields('Which aspect, such as `ReplicaFailure`.'),
) {}

export class ReplicaSetStatus extends message('How many pods there are.', {
  replicas: required(int32(1, 'All that do not end.')),
  fullyLabeledReplicas: int32(2, 'Those that have all labels of the template.'),
  readyReplicas: int32(4, 'Those that are ready.'),
  availableReplicas: int32(5, 'Those that have been ready for long enough.'),
  terminatingReplicas: pointer(int32(7, 'Those that are ending.')),
  observedGeneration: int64(3, 'The generation of the ReplicaSet that this is about.'),
  conditions: listMap(6, 'How it does, aspect by aspect.', ['type'], ReplicaSetCondition, { patchMergeKey: 'type' }),
}) {}

export class ReplicaSet extends message('Keeps a number of equal pods running. Deployments make them.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ReplicaSetSpec)),
  status: present(of(3, 'What is.', ReplicaSetStatus)),
}) {}
