import {
  bool,
  int32,
  int64,
  intOrString,
  listMap,
  message,
  of,
  oneOf,
  pointer,
  present,
  required,
  string,
  time,
} from '#machinery';
import { PodTemplateSpec } from '../../core/v1/pod.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class RollingUpdateDeployment extends message('How fast pods are replaced.', {
  maxUnavailable: pointer(
    intOrString(1, 'How many pods may be missing meanwhile, as a number or share; 25% by default, rounded down.'),
  ),
  maxSurge: pointer(
    intOrString(2, 'How many pods there may be in excess meanwhile, as a number or share; 25% by default, rounded up.'),
  ),
}) {}

export class DeploymentStrategy extends message('How old pods make room for new ones.', {
  type: oneOf(1, 'Little by little, or all at once.', ['Recreate', 'RollingUpdate'], { enumIsForRules: true }),
  rollingUpdate: pointer(of(2, 'How fast, when it is little by little.', RollingUpdateDeployment)),
}) {}

export class DeploymentSpec extends message('Which pods are wanted, how many, and how a change gets to them.', {
  replicas: pointer(int32(1, 'How many; 1 by default.', { minimum: 0 })),
  selector: required(pointer(of(2, 'The labels of the pods it counts. It never changes.', LabelSelector))),
  template: required(of(3, 'The pods that are wanted. A change of it is a rollout.', PodTemplateSpec)),
  strategy: of(4, 'How old pods make room for new ones.', DeploymentStrategy, { patchStrategy: ['retainKeys'] }),
  minReadySeconds: int32(5, 'How long a pod has to be ready before it counts as available.', { minimum: 0 }),
  revisionHistoryLimit: pointer(
    int32(6, 'How many old ReplicaSets are kept to go back to; 10 by default.', { minimum: 0 }),
  ),
  paused: bool(7, 'Whether changes of the template wait.'),
  progressDeadlineSeconds: pointer(
    int32(9, 'After how long without progress a rollout is said to have failed; 600 by default.'),
  ),
}) {}

export class DeploymentCondition extends message('One aspect of how a Deployment does.', {
  type: required(string(1, 'Which aspect: `Available`, `Progressing`, `ReplicaFailure`.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastUpdateTime: time(6, 'When this was last written.'),
  lastTransitionTime: time(7, 'Since when it is so.'),
  reason: string(4, 'Why, in one word.'),
  message: string(5, 'Why, in a sentence.'),
}) {}

export class DeploymentStatus extends message('How far a Deployment is.', {
  observedGeneration: int64(1, 'The generation of the Deployment that this is about.'),
  replicas: int32(2, 'All its pods that do not end.'),
  updatedReplicas: int32(3, 'Those that are as the template wants.'),
  readyReplicas: int32(7, 'Those that are ready.'),
  availableReplicas: int32(4, 'Those that have been ready for long enough.'),
  unavailableReplicas: int32(5, 'Those that are still missing.'),
  terminatingReplicas: pointer(int32(9, 'Those that are ending.')),
  conditions: listMap(6, 'How it does, aspect by aspect.', ['type'], DeploymentCondition, { patchMergeKey: 'type' }),
  collisionCount: pointer(int32(8, 'How often the name of a new ReplicaSet was taken already.')),
}) {}

export class Deployment extends message(
  'Keeps a number of equal pods running, and replaces them when they are to change.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    spec: present(of(2, 'What is wanted.', DeploymentSpec)),
    status: present(of(3, 'What is.', DeploymentStatus)),
  },
) {}
