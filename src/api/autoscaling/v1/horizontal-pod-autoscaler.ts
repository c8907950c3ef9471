import { int32, int64, message, of, pointer, present, required, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class CrossVersionObjectReference extends message(
  'An object in the same namespace, of a kind in some version.',
  {
    kind: required(string(1, 'The kind of the object.')),
    name: required(string(2, 'Its name.')),
    apiVersion: string(3, 'The group and version of its kind.'),
  },
  { mapType: 'atomic' },
) {}

export class HorizontalPodAutoscalerSpec extends message('What is scaled, how far, and at how much work.', {
  scaleTargetRef: required(of(1, 'What is scaled.', CrossVersionObjectReference)),
  minReplicas: pointer(int32(2, 'The fewest replicas; 1 by default.')),
  maxReplicas: required(int32(3, 'The most replicas.')),
  targetCPUUtilizationPercentage: pointer(
    int32(4, 'How much of the CPU that pods request they are to use, in percent; 80 by default.'),
  ),
}) {}

export class HorizontalPodAutoscalerStatus extends message('How many replicas there are, and how much they work.', {
  observedGeneration: pointer(int64(1, 'The generation of the autoscaler that this is about.')),
  lastScaleTime: pointer(time(2, 'When replicas last came or went.')),
  currentReplicas: required(int32(3, 'How many replicas there are.')),
  desiredReplicas: required(int32(4, 'How many are wanted.')),
  currentCPUUtilizationPercentage: pointer(int32(5, 'How much of the CPU that pods request they use, in percent.')),
}) {}

export class HorizontalPodAutoscaler extends message('Scales a workload by how much CPU it uses.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', HorizontalPodAutoscalerSpec)),
  status: present(of(3, 'What is.', HorizontalPodAutoscalerStatus)),
}) {}
