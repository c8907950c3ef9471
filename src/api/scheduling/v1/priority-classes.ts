import { ageColumn, nameColumn, resource } from '#machinery';
import { validatePriorityClass } from './priority-class-validation.ts';
import { PriorityClass } from './priority-class.ts';

export const priorityClasses = resource({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: PriorityClass,
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', description: 'How important it is.', cell: ({ value }) => value },
    {
      name: 'Global-Default',
      type: 'boolean',
      description: 'Whether pods that name no class are of this one.',
      cell: ({ globalDefault = false }) => globalDefault,
    },
    ageColumn,
    {
      name: 'PreemptionPolicy',
      type: 'string',
      description: 'Whether such pods may push others off a node.',
      cell: ({ preemptionPolicy = '' }) => preemptionPolicy,
    },
  ],
  setDefaults(priorityClass) {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  validate: validatePriorityClass,
});
