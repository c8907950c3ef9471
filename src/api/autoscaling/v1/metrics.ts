/**
 * How metrics are written in the annotations of an autoscaling/v1 HorizontalPodAutoscaler, which has no other place for
 * most of them.
 */
import { int32, message, of, pointer, quantity, required, string } from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { CrossVersionObjectReference } from './horizontal-pod-autoscaler.ts';

export class ObjectMetricSource extends message('A metric of one object.', {
  target: required(of(1, 'The object.', CrossVersionObjectReference)),
  metricName: required(string(2, 'The metric.')),
  targetValue: required(quantity(3, 'What it is to come to.')),
  selector: pointer(of(4, 'The labels of the metric.', LabelSelector)),
  averageValue: pointer(quantity(5, 'What it is to come to for each pod.')),
}) {}

export class PodsMetricSource extends message('A metric that each pod has of its own.', {
  metricName: required(string(1, 'The metric.')),
  targetAverageValue: required(quantity(2, 'What it is to come to on the average.')),
  selector: pointer(of(3, 'The labels of the metric.', LabelSelector)),
}) {}

export class ResourceMetricSource extends message('A resource that pods request and use.', {
  name: required(string(1, 'The resource.')),
  targetAverageUtilization: pointer(int32(2, 'How much of what is requested is to be used, in percent.')),
  targetAverageValue: pointer(quantity(3, 'How much is to be used by each pod.')),
}) {}

export class ContainerResourceMetricSource extends message('A resource that one container of each pod uses.', {
  name: required(string(1, 'The resource.')),
  targetAverageUtilization: pointer(int32(2, 'How much of what is requested is to be used, in percent.')),
  targetAverageValue: pointer(quantity(3, 'How much is to be used by each.')),
  container: required(string(5, 'The container.')),
}) {}

export class ExternalMetricSource extends message('A metric of something outside of the cluster.', {
  metricName: required(string(1, 'The metric.')),
  metricSelector: pointer(of(2, 'The labels of the metric.', LabelSelector)),
  targetValue: pointer(quantity(3, 'What it is to come to.')),
  targetAverageValue: pointer(quantity(4, 'What it is to come to for each pod.')),
}) {}

export class MetricSpec extends message('A metric by which replicas are counted out.', {
  type: required(string(1, 'Where the metric comes from.')),
  object: pointer(of(2, 'From one object.', ObjectMetricSource)),
  pods: pointer(of(3, 'From each pod.', PodsMetricSource)),
  resource: pointer(of(4, 'From what pods use of a resource.', ResourceMetricSource)),
  containerResource: pointer(of(7, 'From what one container uses of a resource.', ContainerResourceMetricSource)),
  external: pointer(of(5, 'From outside of the cluster.', ExternalMetricSource)),
}) {}

export class ObjectMetricStatus extends message('A metric of one object.', {
  target: required(of(1, 'The object.', CrossVersionObjectReference)),
  metricName: required(string(2, 'The metric.')),
  currentValue: required(quantity(3, 'What it has come to.')),
  selector: pointer(of(4, 'The labels of the metric.', LabelSelector)),
  averageValue: pointer(quantity(5, 'What it has come to for each pod.')),
}) {}

export class PodsMetricStatus extends message('A metric that each pod has of its own.', {
  metricName: required(string(1, 'The metric.')),
  currentAverageValue: required(quantity(2, 'What it has come to on the average.')),
  selector: pointer(of(3, 'The labels of the metric.', LabelSelector)),
}) {}

export class ResourceMetricStatus extends message('A resource that pods request and use.', {
  name: required(string(1, 'The resource.')),
  currentAverageUtilization: pointer(int32(2, 'How much of what is requested is used, in percent.')),
  currentAverageValue: required(quantity(3, 'How much is used by each pod.')),
}) {}

export class ContainerResourceMetricStatus extends message('A resource that one container of each pod uses.', {
  name: required(string(1, 'The resource.')),
  currentAverageUtilization: pointer(int32(2, 'How much of what is requested is used, in percent.')),
  currentAverageValue: required(quantity(3, 'How much is used by each.')),
  container: required(string(4, 'The container.')),
}) {}

export class ExternalMetricStatus extends message('A metric of something outside of the cluster.', {
  metricName: required(string(1, 'The metric.')),
  metricSelector: pointer(of(2, 'The labels of the metric.', LabelSelector)),
  currentValue: required(quantity(3, 'What it has come to.')),
  currentAverageValue: pointer(quantity(4, 'What it has come to for each pod.')),
}) {}

export class MetricStatus extends message('What a metric has come to.', {
  type: required(string(1, 'Where the metric comes from.')),
  object: pointer(of(2, 'From one object.', ObjectMetricStatus)),
  pods: pointer(of(3, 'From each pod.', PodsMetricStatus)),
  resource: pointer(of(4, 'From what pods use of a resource.', ResourceMetricStatus)),
  containerResource: pointer(of(7, 'From what one container uses of a resource.', ContainerResourceMetricStatus)),
  external: pointer(of(5, 'From outside of the cluster.', ExternalMetricStatus)),
}) {}

export class HorizontalPodAutoscalerCondition extends message(
  'One aspect of how an autoscaler does.',
  conditionFields(),
) {}
