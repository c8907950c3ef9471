/** The types of autoscaling/v2. */
export * from './horizontal-pod-autoscaler.ts';
export {
  ContainerResourceMetricSource,
  CrossVersionObjectReference,
  ExternalMetricSource,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
  ResourceMetricSource,
} from './metric-spec.ts';
export * from './metric-status.ts';
