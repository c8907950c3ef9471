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

export class RollingUpdateDeployment extends message('RollingUpdateDeployment.', {
  maxUnavailable: pointer(intOrString(1, 'The max unavailable.')),
  maxSurge: pointer(intOrString(2, 'The max surge.')),
}) {}

export class DeploymentStrategy extends message('DeploymentStrategy.', {
  type: oneOf(1, 'The type.', ['Recreate', 'RollingUpdate']),
  rollingUpdate: pointer(of(2, 'The rolling update.', RollingUpdateDeployment)),
}) {}

export class DeploymentSpec extends message('DeploymentSpec.', {
  replicas: pointer(int32(1, 'The replicas.', { minimum: 0 })),
  selector: required(pointer(of(2, 'The selector.', LabelSelector))),
  template: required(of(3, 'The template.', PodTemplateSpec)),
  strategy: of(4, 'The strategy.', DeploymentStrategy, { patchStrategy: ['retainKeys'] }),
  minReadySeconds: int32(5, 'The min ready seconds.', { minimum: 0 }),
  revisionHistoryLimit: pointer(int32(6, 'The revision history limit.', { minimum: 0 })),
  paused: bool(7, 'The paused.'),
  progressDeadlineSeconds: pointer(int32(9, 'The progress deadline seconds.')),
}) {}

export class DeploymentCondition extends message('DeploymentCondition.', {
  type: required(string(1, 'The type.')),
  status: required(string(2, 'What is.')),
  lastUpdateTime: time(6, 'The last update time.'),
  lastTransitionTime: time(7, 'The last transition time.'),
  reason: string(4, 'The reason.'),
  message: string(5, 'The message.'),
}) {}

export class DeploymentStatus extends message('DeploymentStatus.', {
  observedGeneration: int64(1, 'The observed generation.'),
  replicas: int32(2, 'The replicas.'),
  updatedReplicas: int32(3, 'The updated replicas.'),
  readyReplicas: int32(7, 'The ready replicas.'),
  availableReplicas: int32(4, 'The available replicas.'),
  unavailableReplicas: int32(5, 'The unavailable replicas.'),
  terminatingReplicas: pointer(int32(9, 'The terminating replicas.')),
  conditions: listMap(6, 'The conditions.', ['type'], DeploymentCondition, { patchMergeKey: 'type' }),
  collisionCount: pointer(int32(8, 'The collision count.')),
}) {}

export class Deployment extends message('Deployment.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', DeploymentSpec)),
  status: present(of(3, 'What is.', DeploymentStatus)),
}) {}
