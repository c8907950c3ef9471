import type { Exchange } from './exchange.ts';

/**
 * One step that every request takes before it is handled: does its part, or throws. What is to be done when the request
 * is over it leaves with `exchange.finally`.
 */
export type Filter = (exchange: Exchange) => void | Promise<void>;

/**
 * Runs the filters in their order, and then `last`. Whatever they throw goes to `answerError`; in the end, what filters
 * left to be done is done, the last first. A filter that has nothing to wait for costs no promise.
 */
export function chain(parts: {
  filters: readonly Filter[];
  last: (exchange: Exchange) => Promise<void>;
  answerError: (exchange: Exchange, error: unknown) => Promise<void>;
}): (exchange: Exchange) => Promise<void> {
  const { filters, last, answerError } = parts;
  return async (exchange) => {
    try {
      for (const filter of filters) {
        const wait = filter(exchange);
        if (wait) await wait;
      }
      await last(exchange);
    } catch (error) {
      await answerError(exchange, error);
    } finally {
      exchange.finish();
    }
  };
}
