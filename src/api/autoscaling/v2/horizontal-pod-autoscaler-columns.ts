import { ageColumn, nameColumn, type Column } from '#machinery';
import type { HorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import type { MetricSpec, MetricTarget } from './metric-spec.ts';
import type { MetricStatus, MetricValueStatus } from './metric-status.ts';

const maxShown = 2;

/** What `kubectl get horizontalpodautoscalers` shows. */
export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  {
    name: 'Reference',
    type: 'string',
    description: 'What is scaled.',
    cell: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
  },
  {
    name: 'Targets',
    type: 'string',
    description: 'What the metrics have come to, and what they are to come to.',
    cell: ({ spec, status }) => formatMetrics(spec.metrics ?? [], status.currentMetrics ?? []),
  },
  {
    name: 'MinPods',
    type: 'string',
    description: 'The fewest replicas.',
    cell: ({ spec }) => String(spec.minReplicas ?? '<unset>'),
  },
  { name: 'MaxPods', type: 'string', description: 'The most replicas.', cell: ({ spec }) => spec.maxReplicas },
  {
    name: 'Replicas',
    type: 'string',
    description: 'How many replicas there are.',
    cell: ({ status }) => status.currentReplicas ?? 0,
  },
  ageColumn,
];

/** `cpu: 30%/80%, 2k/1k (avg) + 1 more...` */
function formatMetrics(specs: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (specs.length === 0) return '<none>';
  const shown = specs.slice(0, maxShown).map((spec, at) => formatMetric(spec, statuses[at]));
  const more = specs.length - maxShown;
  return more > 0 ? `${shown.join(', ')} + ${more} more...` : shown.join(', ');
}

function formatMetric(spec: MetricSpec, status: MetricStatus | undefined): string {
  const { object, pods, resource, containerResource, external } = spec;
  switch (spec.type) {
    case 'External':
      return formatValue(external?.target, status?.external?.current);
    case 'Object':
      return formatValue(object?.target, status?.object?.current);
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? unknown}/${pods?.target.averageValue}`;
    case 'Resource':
      return formatUse(resource, status?.resource?.current);
    case 'ContainerResource':
      return formatUse(containerResource, status?.containerResource?.current);
    default:
      return '<unknown type>';
  }
}

const unknown = '<unknown>';

function formatValue(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  const { value, averageValue } = target ?? {};
  if (averageValue !== undefined) return `${current?.averageValue ?? unknown}/${averageValue} (avg)`;
  return `${current?.value ?? unknown}/${value}`;
}

function formatUse(
  source: { name: string; target: MetricTarget } | undefined,
  current: MetricValueStatus | undefined,
): string {
  const { averageValue, averageUtilization } = source?.target ?? {};
  if (averageValue !== undefined) return `${source?.name}: ${current?.averageValue ?? unknown}/${averageValue}`;
  const used = current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`;
  return `${source?.name}: ${used}/${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`;
}
