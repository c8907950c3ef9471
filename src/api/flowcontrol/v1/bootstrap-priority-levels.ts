import type { PriorityLevelConfigurationSpec } from './priority-level-configuration.ts';

/** A priority level that every cluster has, by its name. */
export interface NamedPriorityLevel {
  readonly name: string;
  readonly spec: PriorityLevelConfigurationSpec;
}

function queuing(
  name: string,
  nominalConcurrencyShares: number,
  lendablePercent: number,
  queues: number,
  handSize: number,
): NamedPriorityLevel {
  const limitResponse = { type: 'Queue' as const, queuing: { queues, handSize, queueLengthLimit: 50 } };
  return { name, spec: { type: 'Limited', limited: { nominalConcurrencyShares, limitResponse, lendablePercent } } };
}

/** Without these the server could not tell what to do with a request (`apiserver/pkg/apis/flowcontrol/bootstrap`). */
export const mandatoryPriorityLevels: readonly NamedPriorityLevel[] = [
  {
    name: 'catch-all',
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' }, lendablePercent: 0 },
    },
  },
  { name: 'exempt', spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } } },
];

/** A beginning; the cluster's administrators may change them. */
export const suggestedPriorityLevels: readonly NamedPriorityLevel[] = [
  queuing('system', 30, 33, 64, 6),
  queuing('node-high', 40, 25, 64, 6),
  queuing('leader-election', 10, 0, 16, 4),
  queuing('workload-high', 40, 50, 128, 6),
  queuing('workload-low', 100, 90, 128, 6),
  queuing('global-default', 20, 50, 128, 6),
];
