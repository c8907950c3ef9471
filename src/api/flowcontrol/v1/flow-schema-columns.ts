import { ageColumn, nameColumn, type Column } from '#machinery';
import type { FlowSchema } from './flow-schema.ts';

/** What `kubectl get flowschemas` shows. */
export const flowSchemaColumns: readonly Column<FlowSchema>[] = [
  nameColumn,
  {
    name: 'PriorityLevel',
    type: 'string',
    description: 'Where the requests go.',
    cell: ({ spec }) => spec.priorityLevelConfiguration.name,
  },
  {
    name: 'MatchingPrecedence',
    type: 'string',
    description: 'The schema with the lowest number that matches is taken.',
    cell: ({ spec }) => spec.matchingPrecedence ?? 0,
  },
  {
    name: 'DistinguisherMethod',
    type: 'string',
    description: 'How requests are told apart.',
    cell: ({ spec }) => spec.distinguisherMethod?.type ?? '<none>',
  },
  ageColumn,
  {
    name: 'MissingPL',
    type: 'string',
    description: 'Whether the priority level is missing.',
    cell: ({ status }) => status.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  },
];
