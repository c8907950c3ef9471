import { decode, isObject, isStatusError, type Message } from '#machinery';
import {
  HorizontalPodAutoscaler as V2,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
} from '../v2/horizontal-pod-autoscaler.ts';
import type { MetricSpec } from '../v2/metric-spec.ts';
import type { MetricStatus } from '../v2/metric-status.ts';
import { HorizontalPodAutoscaler as V1 } from './horizontal-pod-autoscaler.ts';
import { metricSpecFromV1, metricSpecToV1, metricStatusFromV1, metricStatusToV1 } from './metric-conversion.ts';
import * as metrics from './metrics.ts';
import { readAnnotation, renameBehavior, roundTrip, withoutRoundTrip, writeBehavior } from './round-trip.ts';

/**
 * An autoscaler as autoscaling/v1 shows it (`pkg/apis/autoscaling/v1/conversion.go`). Of the metrics it has fields for
 * the CPU only; all others, and what else is new, are JSON in annotations.
 */
export function autoscalerToV1({ metadata, spec, status }: V2): V1 {
  const { metrics: wanted = [], behavior } = spec;
  const { currentMetrics: current = [], conditions = [] } = status;
  const others = wanted.filter((metric) => cpuTargetOf(metric) === undefined);
  const annotations = {
    ...withoutRoundTrip(metadata.annotations),
    ...(others.length > 0 && { [roundTrip.metrics]: JSON.stringify(others.map(metricSpecToV1)) }),
    ...(current.length > 0 && { [roundTrip.currentMetrics]: JSON.stringify(current.map(metricStatusToV1)) }),
    ...(behavior && { [roundTrip.behavior]: writeBehavior(behavior) }),
    ...(conditions.length > 0 && { [roundTrip.conditions]: JSON.stringify(conditions) }),
  };
  return decode(V1, {
    metadata: { ...metadata, annotations },
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      targetCPUUtilizationPercentage: wanted.map(cpuTargetOf).find((target) => target !== undefined),
    },
    status: {
      ...plainStatus(status),
      currentCPUUtilizationPercentage: current.map(cpuUseOf).findLast((use) => use !== undefined),
    },
  }).object;
}

/** What an autoscaler of autoscaling/v1 means. Annotations that cannot be read are passed over, as upstream does. */
export function autoscalerFromV1({ metadata, spec, status }: V1): V2 {
  const { annotations } = metadata;
  const { targetCPUUtilizationPercentage: cpu } = spec;
  const { currentCPUUtilizationPercentage: used } = status;
  const cpuMetrics = cpu === undefined ? [] : [cpuMetric({ target: { type: 'Utilization', averageUtilization: cpu } })];
  const others = readList(annotations, roundTrip.metrics, metrics.MetricSpec)?.map(metricSpecFromV1) ?? [];
  const wanted = [...others, ...cpuMetrics];
  const current = readList(annotations, roundTrip.currentMetrics, metrics.MetricStatus)?.map(metricStatusFromV1);
  const kept = withoutRoundTrip(annotations);
  return decode(V2, {
    metadata: { ...metadata, annotations: kept },
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      // Where v1 says nothing of metrics it means the CPU; only here it is known that nothing is said.
      metrics: wanted.length > 0 ? wanted : [defaultMetric()],
      behavior: behaviorOf(annotations),
    },
    status: {
      ...plainStatus(status),
      currentMetrics: current ?? (used === undefined ? [] : [cpuMetric({ current: { averageUtilization: used } })]),
      conditions: readList(annotations, roundTrip.conditions, HorizontalPodAutoscalerCondition),
    },
  }).object;
}

const defaultUtilization = 80;

/** What an autoscaler goes by when nobody says: that pods use most of the CPU that they request. */
export function defaultMetric(): MetricSpec {
  const target = { type: 'Utilization' as const, averageUtilization: defaultUtilization };
  return { type: 'Resource', resource: { name: 'cpu', target } };
}

function cpuMetric(resource: object): object {
  return { type: 'Resource', resource: { name: 'cpu', ...resource } };
}

function cpuTargetOf({ type, resource }: MetricSpec): number | undefined {
  return type === 'Resource' && resource?.name === 'cpu' ? resource.target.averageUtilization : undefined;
}

function cpuUseOf({ type, resource }: MetricStatus): number | undefined {
  return type === 'Resource' && resource?.name === 'cpu' ? resource.current.averageUtilization : undefined;
}

function plainStatus({
  observedGeneration,
  lastScaleTime,
  currentReplicas,
  desiredReplicas,
}: Partial<V2['status']>): object {
  return { observedGeneration, lastScaleTime, currentReplicas, desiredReplicas };
}

function behaviorOf(annotations: Record<string, string> | undefined): HorizontalPodAutoscalerBehavior | undefined {
  const value = readAnnotation(annotations, roundTrip.behavior);
  if (!isObject(value)) return undefined;
  const behavior = readable(() => decode(HorizontalPodAutoscalerBehavior, renameBehavior(value)).object);
  return behavior?.scaleUp || behavior?.scaleDown ? behavior : undefined;
}

function readList<T>(
  annotations: Record<string, string> | undefined,
  key: string,
  message: Message<T>,
): T[] | undefined {
  const value = readAnnotation(annotations, key);
  if (value === null) return [];
  if (!Array.isArray(value)) return undefined;
  return readable(() => value.map((item) => decode(message, item).object));
}

/** Undefined for what does not decode. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isStatusError(error, 'BadRequest')) return undefined;
    throw error;
  }
}
