import type { PriorityLevelConfiguration, QueuingConfiguration } from './priority-level-configuration.ts';

/** Fills in what a level leaves unsaid (`pkg/apis/flowcontrol/v1/defaults.go`). */
export function setPriorityLevelConfigurationDefaults({ spec: { limited, exempt } }: PriorityLevelConfiguration): void {
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
  if (!limited) return;
  limited.nominalConcurrencyShares ??= 30;
  limited.lendablePercent ??= 0;
  if (limited.limitResponse.queuing) setQueuingDefaults(limited.limitResponse.queuing);
}

function setQueuingDefaults(queuing: QueuingConfiguration): void {
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
}
