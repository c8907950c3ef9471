import { ageColumn, nameColumn, type Column } from '#machinery';
import type { PodDisruptionBudget } from './pod-disruption-budget.ts';

/** What `kubectl get poddisruptionbudgets` shows. */
export const podDisruptionBudgetColumns: readonly Column<PodDisruptionBudget>[] = [
  nameColumn,
  {
    name: 'Min Available',
    type: 'string',
    description: 'How many pods have to stay healthy.',
    cell: ({ spec }) => String(spec.minAvailable ?? 'N/A'),
  },
  {
    name: 'Max Unavailable',
    type: 'string',
    description: 'How many pods may be unhealthy or missing.',
    cell: ({ spec }) => String(spec.maxUnavailable ?? 'N/A'),
  },
  {
    name: 'Allowed Disruptions',
    type: 'integer',
    description: 'How many pods may be evicted now.',
    cell: ({ status }) => status.disruptionsAllowed ?? 0,
  },
  ageColumn,
];
