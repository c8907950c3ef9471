import {
  int32,
  int64,
  intOrString,
  list,
  listMap,
  message,
  of,
  oneOf,
  pointer,
  present,
  required,
  string,
} from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { PersistentVolumeClaim } from '../../core/v1/persistent-volume-claim.ts';
import { PodTemplateSpec } from '../../core/v1/pod.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class RollingUpdateStatefulSetStrategy extends message(
  'Which pods of a StatefulSet are replaced, and how fast.',
  {
    partition: pointer(
      int32(1, 'Only pods with this number or a higher one are replaced; 0 by default.', { minimum: 0 }),
    ),
    maxUnavailable: pointer(intOrString(2, 'How many pods may be missing meanwhile, as a number or share.')),
  },
) {}

export class StatefulSetUpdateStrategy extends message('How old pods of a StatefulSet make room for new ones.', {
  type: string(1, 'By themselves (`RollingUpdate`), or only when somebody deletes them (`OnDelete`).'),
  rollingUpdate: pointer(of(2, 'Which and how fast, when it is by themselves.', RollingUpdateStatefulSetStrategy)),
}) {}

const fates = ['Retain', 'Delete'] as const;

export class StatefulSetPersistentVolumeClaimRetentionPolicy extends message(
  'What becomes of the claims that were made for pods.',
  {
    whenDeleted: oneOf(1, 'When the StatefulSet is deleted.', fates, { enumAsListed: true }),
    whenScaled: oneOf(2, 'When there are to be fewer pods.', fates, { enumAsListed: true }),
  },
) {}

export class StatefulSetOrdinals extends message('How the pods are numbered.', {
  start: int32(1, 'The number of the first.', { emitEmpty: true }),
}) {}

export class StatefulSetSpec extends message('Which pods are wanted, how many, and with which storage.', {
  replicas: pointer(int32(1, 'How many; 1 by default.', { minimum: 0 })),
  selector: required(pointer(of(2, 'The labels of the pods it counts. It never changes.', LabelSelector))),
  template: required(of(3, 'The pods that are wanted. A change of it is a rollout.', PodTemplateSpec)),
  volumeClaimTemplates: list(
    4,
    'The claims that are made for each pod, and stay its own. A volume of the same name in the template gives way.',
    PersistentVolumeClaim,
  ),
  serviceName: string(5, 'The Service under which each pod has a name in DNS.', { emitEmpty: true }),
  podManagementPolicy: string(6, 'One pod after the other (`OrderedReady`), or all at once (`Parallel`).'),
  updateStrategy: of(7, 'How old pods make room for new ones.', StatefulSetUpdateStrategy),
  revisionHistoryLimit: pointer(int32(8, 'How many old states are kept to go back to; 10 by default.')),
  minReadySeconds: int32(9, 'How long a pod has to be ready before it counts as available.', { minimum: 0 }),
  persistentVolumeClaimRetentionPolicy: pointer(
    of(
      10,
      'What becomes of claims that no pod needs; they stay by default.',
      StatefulSetPersistentVolumeClaimRetentionPolicy,
    ),
  ),
  ordinals: pointer(of(11, 'How the pods are numbered; from 0 by default.', StatefulSetOrdinals)),
}) {}

export class StatefulSetCondition extends message('One aspect of how a StatefulSet does.', conditionFields()) {}

export class StatefulSetStatus extends message('How far a StatefulSet is.', {
  observedGeneration: int64(1, 'The generation of the StatefulSet that this is about.'),
  replicas: required(int32(2, 'All its pods.')),
  readyReplicas: int32(3, 'Those that are ready.'),
  currentReplicas: int32(4, 'Those that are made of `currentRevision`.'),
  updatedReplicas: int32(5, 'Those that are made of `updateRevision`.'),
  currentRevision: string(6, 'The ControllerRevision that pods with low numbers are made of.'),
  updateRevision: string(7, 'The ControllerRevision that pods with high numbers are made of.'),
  collisionCount: pointer(int32(9, 'How often the name of a new ControllerRevision was taken already.')),
  conditions: listMap(10, 'How it does, aspect by aspect.', ['type'], StatefulSetCondition, { patchMergeKey: 'type' }),
  availableReplicas: int32(11, 'Those that have been ready for long enough.', { emitEmpty: true }),
}) {}

export class StatefulSet extends message(
  'Keeps a number of pods that each have a name, a place in DNS and storage of their own, and keep them.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    spec: present(of(2, 'What is wanted.', StatefulSetSpec)),
    status: present(of(3, 'What is.', StatefulSetStatus)),
  },
) {}
