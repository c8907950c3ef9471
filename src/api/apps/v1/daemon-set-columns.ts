import { ageColumn, formatLabels, nameColumn, type Column } from '#machinery';
import type { DaemonSet, DaemonSetStatus } from './daemon-set.ts';
import { templateColumns } from './template-columns.ts';

function countColumn(
  name: string,
  description: string,
  count: (status: DaemonSetStatus) => number | undefined,
): Column<DaemonSet> {
  return { name, type: 'integer', description, cell: ({ status }) => count(status) ?? 0 };
}

/** What `kubectl get daemonsets` shows. */
export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  nameColumn,
  countColumn('Desired', 'Nodes that should have the pod.', (status) => status.desiredNumberScheduled),
  countColumn('Current', 'Nodes that have the pod and should.', (status) => status.currentNumberScheduled),
  countColumn('Ready', 'Nodes whose pod is ready.', (status) => status.numberReady),
  countColumn('Up-to-date', 'Nodes whose pod is as the template wants it.', (status) => status.updatedNumberScheduled),
  countColumn('Available', 'Nodes whose pod has been ready for long enough.', (status) => status.numberAvailable),
  {
    name: 'Node Selector',
    type: 'string',
    description: 'The labels of the nodes that get the pod.',
    cell: ({ spec }) => formatLabels(spec.template.spec.nodeSelector),
  },
  ageColumn,
  ...templateColumns,
];
