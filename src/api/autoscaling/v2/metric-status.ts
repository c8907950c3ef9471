import { int32, message, of, pointer, quantity, required, string } from '#machinery';
import { CrossVersionObjectReference, MetricIdentifier } from './metric-spec.ts';

export class MetricValueStatus extends message('What a metric has come to.', {
  value: pointer(quantity(1, 'The value of the metric.')),
  averageValue: pointer(quantity(2, 'The value of the metric for each pod.')),
  averageUtilization: pointer(int32(3, 'How much of what pods request they use, in percent.')),
}) {}

export class ObjectMetricStatus extends message('A metric of one object.', {
  metric: required(of(1, 'The metric.', MetricIdentifier)),
  current: required(of(2, 'What it has come to.', MetricValueStatus)),
  describedObject: required(of(3, 'The object.', CrossVersionObjectReference)),
}) {}

export class PodsMetricStatus extends message('A metric that each pod has of its own.', {
  metric: required(of(1, 'The metric.', MetricIdentifier)),
  current: required(of(2, 'What it has come to.', MetricValueStatus)),
}) {}

export class ResourceMetricStatus extends message('A resource that pods request and use.', {
  name: required(string(1, 'The resource, such as `cpu`.')),
  current: required(of(2, 'How much is used.', MetricValueStatus)),
}) {}

export class ContainerResourceMetricStatus extends message('A resource that one container of each pod uses.', {
  name: required(string(1, 'The resource, such as `cpu`.')),
  current: required(of(2, 'How much is used.', MetricValueStatus)),
  container: required(string(3, 'The container.')),
}) {}

export class ExternalMetricStatus extends message('A metric of something outside of the cluster.', {
  metric: required(of(1, 'The metric.', MetricIdentifier)),
  current: required(of(2, 'What it has come to.', MetricValueStatus)),
}) {}

export class MetricStatus extends message('What a metric has come to, by which replicas are counted out.', {
  type: required(string(1, 'Where the metric comes from.')),
  object: pointer(of(2, 'From one object.', ObjectMetricStatus)),
  pods: pointer(of(3, 'From each pod.', PodsMetricStatus)),
  resource: pointer(of(4, 'From what pods use of a resource.', ResourceMetricStatus)),
  containerResource: pointer(of(7, 'From what one container uses of a resource.', ContainerResourceMetricStatus)),
  external: pointer(of(5, 'From outside of the cluster.', ExternalMetricStatus)),
}) {}
