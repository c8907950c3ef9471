import { resource } from '#machinery';
import { PodDisruptionBudget } from './pod-disruption-budget.ts';
import { podDisruptionBudgetColumns } from './pod-disruption-budget-columns.ts';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatus } from './pod-disruption-budget-validation.ts';

export const podDisruptionBudgets = resource({
  group: 'policy',
  version: 'v1',
  kind: PodDisruptionBudget,
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  takesAnyFinalizer: true,
  nameRule: 'pathSegment',
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validatePodDisruptionBudgetStatus } },
  columns: podDisruptionBudgetColumns,
  validate: validatePodDisruptionBudget,
});
