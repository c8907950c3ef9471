import { ageColumn, formatLabels, nameColumn, type Column } from '#machinery';
import type { PodTemplateSpec } from './pod.ts';
import type { PodTemplate } from './pod-template.ts';
import type { ReplicationController } from './replication-controller.ts';

/** What `kubectl get replicationcontrollers` shows. */
export const replicationControllerColumns: readonly Column<ReplicationController>[] = [
  nameColumn,
  {
    name: 'Desired',
    type: 'integer',
    description: 'How many pods are wanted.',
    cell: ({ spec }) => spec.replicas ?? 0,
  },
  { name: 'Current', type: 'integer', description: 'How many pods there are.', cell: ({ status }) => status.replicas },
  {
    name: 'Ready',
    type: 'integer',
    description: 'How many pods are ready.',
    cell: ({ status }) => status.readyReplicas ?? 0,
  },
  ageColumn,
  {
    name: 'Containers',
    type: 'string',
    priority: 1,
    description: 'The names of the containers in the template.',
    cell: ({ spec }) => namesOf(spec.template),
  },
  {
    name: 'Images',
    type: 'string',
    priority: 1,
    description: 'The images of the containers in the template.',
    cell: ({ spec }) => imagesOf(spec.template),
  },
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    description: 'The labels that the pods have.',
    cell: ({ spec }) => formatLabels(spec.selector),
  },
];

/** What `kubectl get podtemplates` shows. */
export const podTemplateColumns: readonly Column<PodTemplate>[] = [
  nameColumn,
  {
    name: 'Containers',
    type: 'string',
    description: 'The names of the containers.',
    cell: ({ template }) => namesOf(template),
  },
  { name: 'Images', type: 'string', description: 'Their images.', cell: ({ template }) => imagesOf(template) },
  {
    name: 'Pod Labels',
    type: 'string',
    description: 'The labels that the pods get.',
    cell: ({ template }) => formatLabels(template.metadata.labels),
  },
];

function namesOf(template: PodTemplateSpec | undefined): string {
  return (template?.spec.containers ?? []).map(({ name }) => name).join(',');
}

function imagesOf(template: PodTemplateSpec | undefined): string {
  return (template?.spec.containers ?? []).map(({ image = '' }) => image).join(',');
}
