import type { Clock } from '#base';
import { TokenBucket } from '../rate-limiter.ts';
import { LruMap } from './lru-map.ts';

/** What an event says, before it has a name and a count. */
export interface EventFacts {
  namespace: string;
  involvedObject: {
    apiVersion?: string;
    kind?: string;
    namespace?: string;
    name?: string;
    uid?: string;
    resourceVersion?: string;
    fieldPath?: string;
  };
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  annotations?: Record<string, string>;
}

/** What to do about an event: drop it, or write it with this count; `name` is there when it was written before. */
export type Correlated =
  | { action: 'drop' }
  | { action: 'write'; key: string; name: string | undefined; count: number; firstMs: number; message: string };

interface Seen {
  name: string;
  count: number;
  firstMs: number;
}

interface Similar {
  messages: Set<string>;
  lastMs: number;
}

const maxSimilar = 10;
const similarWindowMs = 600_000;
const burst = 25;
const perSecond = 1 / 300;
const cacheSize = 4096;

/**
 * Keeps a noisy component from flooding the API, as client-go's `record.EventCorrelator`: each object of a source has a
 * budget; the same event is counted and not written anew; many events that differ in their message only become one.
 */
export class EventCorrelator {
  readonly #clock: Clock;
  readonly #source: string;
  readonly #budgets = new LruMap<string, TokenBucket>(cacheSize);
  readonly #similar = new LruMap<string, Similar>(cacheSize);
  readonly #seen = new LruMap<string, Seen>(cacheSize);

  constructor({ clock, source }: { clock: Clock; source: string }) {
    this.#clock = clock;
    this.#source = source;
  }

  correlate(facts: EventFacts): Correlated {
    const { key, message } = this.#aggregate(facts);
    const seen = this.#seen.get(key);
    const count = (seen?.count ?? 0) + 1;
    const firstMs = seen?.firstMs ?? this.#clock.now();
    this.#seen.set(key, { name: seen?.name ?? '', count, firstMs });
    if (!this.#budgetOf(facts).tryTake()) return { action: 'drop' };
    return { action: 'write', key, name: seen?.name || undefined, count, firstMs, message };
  }

  /** The event of this key is stored under this name; the next of its kind will be counted there. */
  stored(key: string, name: string, count: number, firstMs: number): void {
    this.#seen.set(key, { name, count: Math.max(count, this.#seen.get(key)?.count ?? 0), firstMs });
  }

  #aggregate(facts: EventFacts): { key: string; message: string } {
    const { involvedObject: about, type, reason, message } = facts;
    const group = [this.#source, about.kind, about.namespace, about.name, about.uid, about.apiVersion, type, reason];
    const groupKey = JSON.stringify(group);
    const now = this.#clock.now();
    const known = this.#similar.get(groupKey);
    const similar =
      known && now - known.lastMs <= similarWindowMs ? known : { messages: new Set<string>(), lastMs: now };
    similar.messages.add(message);
    similar.lastMs = now;
    this.#similar.set(groupKey, similar);
    if (similar.messages.size < maxSimilar) {
      return { key: JSON.stringify([...group, about.fieldPath, message]), message };
    }
    for (const oldest of similar.messages) {
      if (similar.messages.size <= maxSimilar) break;
      similar.messages.delete(oldest);
    }
    return { key: groupKey, message: `(combined from similar events): ${message}` };
  }

  #budgetOf({ involvedObject: about }: EventFacts): TokenBucket {
    const key = JSON.stringify([this.#source, about.kind, about.namespace, about.name, about.uid, about.apiVersion]);
    const known = this.#budgets.get(key) ?? new TokenBucket({ clock: this.#clock, perSecond, burst });
    this.#budgets.set(key, known);
    return known;
  }
}
