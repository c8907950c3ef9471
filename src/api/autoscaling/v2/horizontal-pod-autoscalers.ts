import { resource } from '#machinery';
import { HorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { horizontalPodAutoscalerColumns } from './horizontal-pod-autoscaler-columns.ts';
import { setHorizontalPodAutoscalerDefaults } from './horizontal-pod-autoscaler-defaults.ts';
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
} from './horizontal-pod-autoscaler-validation.ts';

export const horizontalPodAutoscalers = resource({
  group: 'autoscaling',
  version: 'v2',
  kind: HorizontalPodAutoscaler,
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateHorizontalPodAutoscalerStatus } },
  columns: horizontalPodAutoscalerColumns,
  setDefaults: setHorizontalPodAutoscalerDefaults,
  validate: validateHorizontalPodAutoscaler,
});
