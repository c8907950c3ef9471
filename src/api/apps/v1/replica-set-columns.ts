import { ageColumn, nameColumn, type Column } from '#machinery';
import type { ReplicaSet } from './replica-set.ts';
import { templateColumns } from './template-columns.ts';

/** What `kubectl get replicasets` shows. */
export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  {
    name: 'Desired',
    type: 'integer',
    description: 'How many pods are wanted.',
    cell: ({ spec }) => spec.replicas ?? 0,
  },
  {
    name: 'Current',
    type: 'integer',
    description: 'How many pods there are.',
    cell: ({ status }) => status.replicas,
  },
  {
    name: 'Ready',
    type: 'integer',
    description: 'How many pods are ready.',
    cell: ({ status }) => status.readyReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns,
];
