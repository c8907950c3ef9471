import type { PriorityLevelConfiguration } from '#api';
import type { Limits } from './seat-pool.ts';

/** The seats of each level, by name: shares of the server's (`util/flowcontrol/apf_controller.go`). */
export function limitsOf(
  levels: readonly PriorityLevelConfiguration[],
  total: number,
): Map<PriorityLevelConfiguration, Limits> {
  const all = levels.reduce((sum, level) => sum + sharesOf(level), 0);
  return new Map(
    levels.map((level) => [level, limitOf(level, all === 0 ? 0 : (total * sharesOf(level)) / all, total)]),
  );
}

function limitOf({ spec }: PriorityLevelConfiguration, share: number, total: number): Limits {
  const nominal = Math.ceil(share);
  const percent = (of: number): number => Math.round((nominal * of) / 100);
  if (spec.type === 'Exempt') {
    return { nominal, lower: nominal - percent(spec.exempt?.lendablePercent ?? 0), upper: total };
  }
  const { lendablePercent = 0, borrowingLimitPercent } = spec.limited ?? {};
  const upper = borrowingLimitPercent === undefined ? total : nominal + percent(borrowingLimitPercent);
  return { nominal, lower: nominal - percent(lendablePercent), upper };
}

function sharesOf({ spec }: PriorityLevelConfiguration): number {
  return spec.type === 'Exempt'
    ? (spec.exempt?.nominalConcurrencyShares ?? 0)
    : (spec.limited?.nominalConcurrencyShares ?? 30);
}
