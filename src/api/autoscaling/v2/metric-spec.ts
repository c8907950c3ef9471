import { int32, message, of, oneOf, pointer, quantity, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class CrossVersionObjectReference extends message(
  'An object in the same namespace, of a kind in some version.',
  {
    kind: required(string(1, 'The kind of the object.')),
    name: required(string(2, 'Its name.')),
    apiVersion: string(3, 'The group and version of its kind.'),
  },
) {}

export class MetricIdentifier extends message('Which metric is meant.', {
  name: required(string(1, 'The name of the metric.', { minLength: 0 })),
  selector: pointer(of(2, 'The labels that the metric has, where not all of that name are meant.', LabelSelector)),
}) {}

export class MetricTarget extends message('What a metric is to come to.', {
  type: required(
    oneOf(1, 'How the target is given.', ['AverageValue', 'Utilization', 'Value'], { enumIsForRules: true }),
  ),
  value: pointer(quantity(2, 'The value of the metric.')),
  averageValue: pointer(quantity(3, 'The value of the metric for each pod.')),
  averageUtilization: pointer(int32(4, 'How much of what pods request they use, in percent.')),
}) {}

export class ObjectMetricSource extends message('A metric of one object, such as the requests of an Ingress.', {
  describedObject: required(of(1, 'The object.', CrossVersionObjectReference)),
  target: required(of(2, 'What the metric is to come to.', MetricTarget)),
  metric: required(of(3, 'The metric.', MetricIdentifier)),
}) {}

export class PodsMetricSource extends message('A metric that each pod has of its own.', {
  metric: required(of(1, 'The metric.', MetricIdentifier)),
  target: required(of(2, 'What it is to come to on the average.', MetricTarget)),
}) {}

export class ResourceMetricSource extends message('A resource that pods request and use.', {
  name: required(string(1, 'The resource, such as `cpu`.', { minLength: 0 })),
  target: required(of(2, 'How much is to be used.', MetricTarget)),
}) {}

export class ContainerResourceMetricSource extends message('A resource that one container of each pod uses.', {
  name: required(string(1, 'The resource, such as `cpu`.', { minLength: 0 })),
  target: required(of(2, 'How much is to be used.', MetricTarget)),
  container: required(string(3, 'The container.', { minLength: 0 })),
}) {}

export class ExternalMetricSource extends message('A metric of something outside of the cluster.', {
  metric: required(of(1, 'The metric.', MetricIdentifier)),
  target: required(of(2, 'What it is to come to.', MetricTarget)),
}) {}

/** Where metrics come from. */
export const metricSources = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'] as const;

export class MetricSpec extends message('A metric by which replicas are counted out.', {
  type: required(oneOf(1, 'Where the metric comes from.', metricSources, { enumIsForRules: true })),
  object: pointer(of(2, 'From one object.', ObjectMetricSource)),
  pods: pointer(of(3, 'From each pod.', PodsMetricSource)),
  resource: pointer(of(4, 'From what pods use of a resource.', ResourceMetricSource)),
  containerResource: pointer(of(7, 'From what one container uses of a resource.', ContainerResourceMetricSource)),
  external: pointer(of(5, 'From outside of the cluster.', ExternalMetricSource)),
}) {}
