import type { Exchange } from './exchange.ts';

/** One step that every request takes: does its part, and calls `next` for the rest, or answers, or throws. */
export type Filter = (exchange: Exchange, next: () => Promise<void>) => Promise<void>;

/** Runs the filters in their order, and `last` behind them. */
export function chain(
  filters: readonly Filter[],
  last: (exchange: Exchange) => Promise<void>,
): (exchange: Exchange) => Promise<void> {
  return filters.reduceRight<(exchange: Exchange) => Promise<void>>(
    (next, filter) => (exchange) => filter(exchange, () => next(exchange)),
    last,
  );
}
