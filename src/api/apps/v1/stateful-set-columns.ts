import { ageColumn, nameColumn, type Column } from '#machinery';
import type { StatefulSet } from './stateful-set.ts';
import { containerColumns } from './template-columns.ts';

/** What `kubectl get statefulsets` shows. */
export const statefulSetColumns: readonly Column<StatefulSet>[] = [
  nameColumn,
  {
    name: 'Ready',
    type: 'string',
    description: 'How many pods are ready, of those that are wanted.',
    cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
  },
  ageColumn,
  ...containerColumns,
];
