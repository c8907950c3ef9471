import { selectorOf, type Column, type LabelSelectorLike } from '#machinery';
import type { PodTemplateSpec } from '../../core/v1/pod.ts';

interface Workload {
  spec: { template?: PodTemplateSpec; selector?: LabelSelectorLike };
}

/** Wide columns: what runs in the pods of a template. */
export const containerColumns: readonly Column<Workload>[] = [
  {
    name: 'Containers',
    type: 'string',
    priority: 1,
    description: 'The names of the containers in the template.',
    cell: ({ spec }) => containersOf(spec.template, ({ name }) => name),
  },
  {
    name: 'Images',
    type: 'string',
    priority: 1,
    description: 'The images of the containers in the template.',
    cell: ({ spec }) => containersOf(spec.template, ({ image }) => image ?? ''),
  },
];

/** Wide columns: what runs in the pods of a template, and how the pods are found. */
export const templateColumns: readonly Column<Workload>[] = [
  ...containerColumns,
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    description: 'The labels that the pods have.',
    cell: ({ spec }) => selectorOf(spec.selector).toString() || '<none>',
  },
];

function containersOf(
  template: PodTemplateSpec | undefined,
  show: (container: PodTemplateSpec['spec']['containers'][number]) => string,
): string {
  return (template?.spec.containers ?? []).map(show).join(',');
}
