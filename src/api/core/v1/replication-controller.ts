import { int32, int64, listMap, map, message, of, pointer, present, required, string } from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { PodTemplateSpec } from './pod.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ReplicationControllerSpec extends message(
  'How many pods are wanted, and which.',
  {
    replicas: pointer(int32(1, 'How many.', { minimum: 0, default: 1 })),
    minReadySeconds: int32(4, 'How long a pod has to be ready before it counts as available.', {
      minimum: 0,
      default: 0,
    }),
    selector: map(2, "The labels of the pods it counts; the template's by default.", string(0, ''), { atomic: true }),
    template: pointer(of(3, 'The pod that is made when there are too few.', PodTemplateSpec)),
  },
  { walk: ['minReadySeconds', 'selector', 'replicas', 'template'] },
) {}

export class ReplicationControllerCondition extends message(
  'One aspect of how a ReplicationController does.',
  conditionFields('Which aspect, such as `ReplicaFailure`.'),
) {}

export class ReplicationControllerStatus extends message('How many pods there are.', {
  replicas: required(int32(1, 'All that do not end.')),
  fullyLabeledReplicas: int32(2, 'Those that have all labels of the template.'),
  readyReplicas: int32(4, 'Those that are ready.'),
  availableReplicas: int32(5, 'Those that have been ready for long enough.'),
  observedGeneration: int64(3, 'The generation of the ReplicationController that this is about.'),
  conditions: listMap(6, 'How it does, aspect by aspect.', ['type'], ReplicationControllerCondition, {
    patchMergeKey: 'type',
  }),
}) {}

export class ReplicationController extends message('Keeps a number of equal pods running: the elder of ReplicaSet.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ReplicationControllerSpec)),
  status: present(of(3, 'What is.', ReplicationControllerStatus)),
}) {}
