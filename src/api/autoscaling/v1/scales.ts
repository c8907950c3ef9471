import { ageColumn, resource } from '#machinery';
import { Scale } from './scale.ts';

/** How a scale is shown. It is of no place of its own: what can be scaled has it as a subresource. */
export const scales = resource({
  group: 'autoscaling',
  version: 'v1',
  kind: Scale,
  plural: 'scales',
  namespaced: true,
  columns: [
    { name: 'Name', type: 'string', description: 'Of what is scaled.', cell: ({ metadata }) => metadata.name ?? '' },
    { name: 'Desired', type: 'integer', description: 'How many are wanted.', cell: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Available', type: 'integer', description: 'How many there are.', cell: ({ status }) => status.replicas },
    ageColumn,
  ],
});
