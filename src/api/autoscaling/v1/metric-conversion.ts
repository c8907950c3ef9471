import { decode, Quantity } from '#machinery';
import { MetricSpec, type MetricTarget } from '../v2/metric-spec.ts';
import { MetricStatus } from '../v2/metric-status.ts';
import * as v1 from './metrics.ts';

/** A metric as autoscaling/v1 writes it (`pkg/apis/autoscaling/v1/conversion.go`). */
export function metricSpecToV1({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: MetricSpec): v1.MetricSpec {
  return decode(v1.MetricSpec, {
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      targetValue: object.target.value,
      selector: object.metric.selector,
      averageValue: object.target.averageValue,
    },
    pods: pods && {
      metricName: pods.metric.name,
      targetAverageValue: pods.target.averageValue,
      selector: pods.metric.selector,
    },
    resource: resource && { name: resource.name, ...averageTarget(resource.target) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      ...averageTarget(containerResource.target),
    },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      targetValue: external.target.value,
      targetAverageValue: external.target.averageValue,
    },
  }).object;
}

function averageTarget({ averageUtilization, averageValue }: MetricTarget): object {
  return { targetAverageUtilization: averageUtilization, targetAverageValue: averageValue };
}

/** What autoscaling/v1 means by a metric. */
export function metricSpecFromV1({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: v1.MetricSpec): MetricSpec {
  return decode(MetricSpec, {
    type,
    object: object && {
      describedObject: object.target,
      metric: { name: object.metricName, selector: object.selector },
      target: objectTarget(object),
    },
    pods: pods && {
      metric: { name: pods.metricName, selector: pods.selector },
      target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
    },
    resource: resource && { name: resource.name, target: resourceTarget(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      target: resourceTarget(containerResource),
    },
    external: external && {
      metric: { name: external.metricName, selector: external.metricSelector },
      target: {
        type: external.targetValue === undefined ? 'AverageValue' : 'Value',
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      },
    },
  }).object;
}

/** v1 cannot leave the value out: beside an average, a zero is none. */
function objectTarget({ targetValue, averageValue }: v1.ObjectMetricSource): object {
  if (averageValue === undefined) return { type: 'Value', value: targetValue };
  const value = Quantity.parse(targetValue).isZero() ? undefined : targetValue;
  return { type: 'AverageValue', value, averageValue };
}

function resourceTarget({
  targetAverageUtilization: averageUtilization,
  targetAverageValue: averageValue,
}: v1.ResourceMetricSource): object {
  return { type: averageUtilization === undefined ? 'AverageValue' : 'Utilization', averageValue, averageUtilization };
}

/** What a metric has come to, as autoscaling/v1 writes it. */
export function metricStatusToV1(status: MetricStatus): v1.MetricStatus {
  const { type, object, pods, resource, containerResource, external } = status;
  return decode(v1.MetricStatus, {
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      currentValue: object.current.value,
      selector: object.metric.selector,
      averageValue: object.current.averageValue,
    },
    pods: pods && {
      metricName: pods.metric.name,
      currentAverageValue: pods.current.averageValue,
      selector: pods.metric.selector,
    },
    resource: resource && {
      name: resource.name,
      currentAverageUtilization: resource.current.averageUtilization,
      currentAverageValue: resource.current.averageValue,
    },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      currentAverageUtilization: containerResource.current.averageUtilization,
      currentAverageValue: containerResource.current.averageValue,
    },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      currentValue: external.current.value,
      currentAverageValue: external.current.averageValue,
    },
  }).object;
}

/** What autoscaling/v1 means by what a metric has come to. */
export function metricStatusFromV1(status: v1.MetricStatus): MetricStatus {
  const { type, object, pods, resource, containerResource, external } = status;
  return decode(MetricStatus, {
    type,
    object: object && {
      describedObject: object.target,
      metric: { name: object.metricName, selector: object.selector },
      current: { value: object.currentValue, averageValue: object.averageValue },
    },
    pods: pods && {
      metric: { name: pods.metricName, selector: pods.selector },
      current: { averageValue: pods.currentAverageValue },
    },
    resource: resource && { name: resource.name, current: resourceValue(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      container: containerResource.container,
      current: resourceValue(containerResource),
    },
    external: external && {
      metric: { name: external.metricName, selector: external.metricSelector },
      current: { value: external.currentValue, averageValue: external.currentAverageValue },
    },
  }).object;
}

function resourceValue({
  currentAverageUtilization: averageUtilization,
  currentAverageValue: averageValue,
}: v1.ResourceMetricStatus): object {
  return { averageUtilization, averageValue };
}
