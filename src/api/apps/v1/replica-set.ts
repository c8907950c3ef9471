import { int32, int64, listMap, message, of, pointer, present, required, string, time } from '#machinery';
import { PodTemplateSpec } from '../../core/v1/pod.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ReplicaSetSpec extends message('ReplicaSetSpec.', {
  replicas: pointer(int32(1, 'The replicas.', { minimum: 0 })),
  minReadySeconds: int32(4, 'The min ready seconds.', { minimum: 0 }),
  selector: required(pointer(of(2, 'The selector.', LabelSelector))),
  template: of(3, 'The template.', PodTemplateSpec),
}) {}

export class ReplicaSetCondition extends message('ReplicaSetCondition.', {
  type: required(string(1, 'The type.')),
  status: required(string(2, 'What is.')),
  lastTransitionTime: time(3, 'The last transition time.'),
  reason: string(4, 'The reason.'),
  message: string(5, 'The message.'),
}) {}

export class ReplicaSetStatus extends message('ReplicaSetStatus.', {
  replicas: required(int32(1, 'The replicas.')),
  fullyLabeledReplicas: int32(2, 'The fully labeled replicas.'),
  readyReplicas: int32(4, 'The ready replicas.'),
  availableReplicas: int32(5, 'The available replicas.'),
  terminatingReplicas: pointer(int32(7, 'The terminating replicas.')),
  observedGeneration: int64(3, 'The observed generation.'),
  conditions: listMap(6, 'The conditions.', ['type'], ReplicaSetCondition, { patchMergeKey: 'type' }),
}) {}

export class ReplicaSet extends message('ReplicaSet.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ReplicaSetSpec)),
  status: present(of(3, 'What is.', ReplicaSetStatus)),
}) {}
