import {
  int32,
  int64,
  list,
  listMap,
  message,
  of,
  oneOf,
  pointer,
  present,
  quantity,
  required,
  time,
} from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { CrossVersionObjectReference, MetricSpec } from './metric-spec.ts';
import { MetricStatus } from './metric-status.ts';

export class HPAScalingPolicy extends message('How much may change within some time.', {
  type: required(oneOf(1, 'How the change is counted.', ['Percent', 'Pods'], { enumIsForRules: true })),
  value: required(int32(2, 'The most that may change.')),
  periodSeconds: required(int32(3, 'Within which time.')),
}) {}

export class HPAScalingRules extends message('How fast replicas come or go.', {
  stabilizationWindowSeconds: pointer(
    int32(3, 'How long what was wanted before still counts, against flapping; 0 upwards, 300 downwards by default.'),
  ),
  selectPolicy: pointer(
    oneOf(1, 'Which of the policies holds: the most change, the least, or none at all.', ['Disabled', 'Max', 'Min']),
  ),
  policies: list(2, 'How much may change within some time.', HPAScalingPolicy),
  tolerance: pointer(quantity(4, 'How far a metric may be off its target, as a share; 10% by default.')),
}) {}

export class HorizontalPodAutoscalerBehavior extends message('How fast replicas come and go.', {
  scaleUp: pointer(of(1, 'How fast they come.', HPAScalingRules)),
  scaleDown: pointer(of(2, 'How fast they go.', HPAScalingRules)),
}) {}

export class HorizontalPodAutoscalerSpec extends message('What is scaled, how far, and by which metrics.', {
  scaleTargetRef: required(of(1, 'What is scaled.', CrossVersionObjectReference)),
  minReplicas: pointer(int32(2, 'The fewest replicas; 1 by default.')),
  maxReplicas: required(int32(3, 'The most replicas.')),
  metrics: list(4, 'The metrics; the one that wants the most replicas decides.', MetricSpec),
  behavior: pointer(of(5, 'How fast replicas come and go.', HorizontalPodAutoscalerBehavior)),
}) {}

export class HorizontalPodAutoscalerCondition extends message(
  'One aspect of how an autoscaler does.',
  conditionFields('Which aspect: `AbleToScale`, `ScalingActive`, `ScalingLimited`.'),
) {}

export class HorizontalPodAutoscalerStatus extends message('How many replicas there are, and what the metrics say.', {
  observedGeneration: pointer(int64(1, 'The generation of the autoscaler that this is about.')),
  lastScaleTime: pointer(time(2, 'When replicas last came or went.')),
  currentReplicas: int32(3, 'How many replicas there are.'),
  desiredReplicas: required(int32(4, 'How many the metrics want.')),
  currentMetrics: list(5, 'What the metrics have come to.', MetricStatus, { emitEmpty: true }),
  conditions: listMap(6, 'How it does, aspect by aspect.', ['type'], HorizontalPodAutoscalerCondition, {
    patchMergeKey: 'type',
  }),
}) {}

export class HorizontalPodAutoscaler extends message('Scales a workload by what its metrics say.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', HorizontalPodAutoscalerSpec)),
  status: present(of(3, 'What is.', HorizontalPodAutoscalerStatus)),
}) {}
