import { enumeration, int64, list, message, nested, oneOf, string, type EnumOf } from '#wire';
import { UInt64Value } from './common.ts';

// Metrics by sandbox, as cAdvisor once gave them.

/** Asks which metrics there are. */
export class ListMetricDescriptorsRequest extends message({}) {}

/** A metric and its labels. */
export class MetricDescriptor extends message({
  name: string(1),
  help: string(2),
  labelKeys: list(3, string),
}) {}

/** The metrics. */
export class ListMetricDescriptorsResponse extends message({
  descriptors: list(1, MetricDescriptor),
}) {}

/** Whether a metric only grows. */
export const MetricType = enumeration({ COUNTER: 0, GAUGE: 1 });
export type MetricType = EnumOf<typeof MetricType>;

/** One value of a metric. */
export class Metric extends message({
  name: string(1),
  /** Nanoseconds since 1970. */
  timestamp: int64(2),
  metricType: oneOf(3, MetricType),
  labelValues: list(4, string),
  value: nested(5, UInt64Value),
}) {}

/** The metrics of a container. */
export class ContainerMetrics extends message({
  containerId: string(1),
  metrics: list(2, Metric),
}) {}

/** The metrics of a sandbox and its containers. */
export class PodSandboxMetrics extends message({
  podSandboxId: string(1),
  metrics: list(2, Metric),
  containerMetrics: list(3, ContainerMetrics),
}) {}

/** Asks for the metrics of all sandboxes. */
export class ListPodSandboxMetricsRequest extends message({}) {}

/** The metrics. */
export class ListPodSandboxMetricsResponse extends message({
  podMetrics: list(1, PodSandboxMetrics),
}) {}

/** Asks for the metrics of all sandboxes, in portions. */
export class StreamPodSandboxMetricsRequest extends message({}) {}

/** A portion of the metrics. */
export class StreamPodSandboxMetricsResponse extends message({
  podSandboxMetrics: list(1, PodSandboxMetrics),
}) {}
