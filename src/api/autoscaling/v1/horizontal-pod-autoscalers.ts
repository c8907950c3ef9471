import { resource, type Column } from '#machinery';
import { horizontalPodAutoscalers } from '../v2/horizontal-pod-autoscalers.ts';
import { autoscalerFromV1 } from './conversion.ts';
import { HorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';

const columns = horizontalPodAutoscalers.columns?.map((column): Column<HorizontalPodAutoscaler> => ({
  ...column,
  cell: (autoscaler, nowMs) => column.cell(autoscalerFromV1(autoscaler), nowMs),
}));

/** The older face of autoscalers. They are stored, and judged, as autoscaling/v2 has them. */
export const horizontalPodAutoscalersV1 = resource({
  group: 'autoscaling',
  version: 'v1',
  kind: HorizontalPodAutoscaler,
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  ...(columns && { columns }),
  setDefaults: ({ spec }) => {
    spec.minReplicas ??= 1;
  },
});
