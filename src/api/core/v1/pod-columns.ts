import { ageColumn, nameColumn, type Column } from '#machinery';
import { summaryOf, type PodSummary } from './pod-summary.ts';
import type { Pod } from './pod.ts';

function summaryColumn(
  name: string,
  description: string,
  cell: (summary: PodSummary, nowMs: number) => string,
): Column<Pod> {
  return { name, type: 'string', description, cell: (pod, nowMs) => cell(summaryOf(pod), nowMs) };
}

function wideColumn(name: string, description: string, cell: (pod: Pod) => string | undefined): Column<Pod> {
  return { name, type: 'string', priority: 1, description, cell: (pod) => cell(pod) || '<none>' };
}

/** What `kubectl get pods` shows. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  summaryColumn('Ready', 'How many of the containers are ready.', ({ ready, total }) => `${ready}/${total}`),
  summaryColumn('Status', 'What the containers, taken together, are doing.', ({ status }) => status),
  summaryColumn('Restarts', 'How often containers were restarted, and when last.', ({ restarts }, nowMs) =>
    restarts(nowMs),
  ),
  ageColumn,
  wideColumn('IP', 'The address of the pod.', ({ status }) => status.podIPs?.[0]?.ip ?? status.podIP),
  wideColumn('Node', 'The node that the pod is bound to.', ({ spec }) => spec.nodeName),
  wideColumn('Nominated Node', 'The node that is being freed for the pod.', ({ status }) => status.nominatedNodeName),
  wideColumn('Readiness Gates', 'How many of the readiness gates are open.', readinessGates),
];

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return '';
  const isOpen = (type: string): boolean =>
    status.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
  return `${gates.filter(({ conditionType }) => isOpen(conditionType)).length}/${gates.length}`;
}
