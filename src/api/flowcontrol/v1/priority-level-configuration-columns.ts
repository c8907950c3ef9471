import { ageColumn, nameColumn, type Column } from '#machinery';
import type { PriorityLevelConfiguration, QueuingConfiguration } from './priority-level-configuration.ts';

const none = '<none>';

/** What `kubectl get prioritylevelconfigurations` shows. */
export const priorityLevelConfigurationColumns: readonly Column<PriorityLevelConfiguration>[] = [
  nameColumn,
  { name: 'Type', type: 'string', description: 'Whether there is a limit.', cell: ({ spec }) => spec.type },
  {
    name: 'NominalConcurrencyShares',
    type: 'string',
    description: 'Its share of what the server can do.',
    cell: ({ spec: { limited } }) => (limited ? (limited.nominalConcurrencyShares ?? 0) : none),
  },
  { name: 'Queues', type: 'string', description: 'How many queues there are.', cell: queuingCell('queues') },
  { name: 'HandSize', type: 'string', description: 'How many of them a flow is dealt.', cell: queuingCell('handSize') },
  {
    name: 'QueueLengthLimit',
    type: 'string',
    description: 'How many requests may wait in each.',
    cell: queuingCell('queueLengthLimit'),
  },
  ageColumn,
];

function queuingCell(field: keyof QueuingConfiguration): (level: PriorityLevelConfiguration) => number | string {
  return ({ spec }) => {
    const queuing = spec.limited?.limitResponse.queuing;
    return queuing ? (queuing[field] ?? 0) : none;
  };
}
