import type { Clock } from '#base';

interface Entry {
  delayMs: number;
  updatedMs: number;
}

/**
 * A delay per key that doubles with each failure, and is forgotten after twice its longest (client-go `util/flowcontrol`).
 * The kubelet holds one for images and one for crashing containers: 10 s to 300 s, reset after 10 minutes.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor({ clock, initialMs = 10_000, maxMs = 300_000 }: { clock: Clock; initialMs?: number; maxMs?: number }) {
    this.#clock = clock;
    this.#initialMs = initialMs;
    this.#maxMs = maxMs;
  }

  /** The whole delay of the key now; 0 without one. */
  delayOf(key: string): number {
    return this.#entries.get(key)?.delayMs ?? 0;
  }

  /** How long the key still waits after what happened at `eventMs`; 0 when it may go on. */
  remainingSince(key: string, eventMs: number): number {
    const entry = this.#entries.get(key);
    if (!entry || this.#expired(entry, eventMs)) return 0;
    return Math.max(0, eventMs + entry.delayMs - this.#clock.now());
  }

  /** How long the key still waits after its last failure. */
  remaining(key: string): number {
    const entry = this.#entries.get(key);
    return entry ? this.remainingSince(key, entry.updatedMs) : 0;
  }

  /** Takes note of a failure at `eventMs`: the next delay. */
  next(key: string, eventMs: number): void {
    const entry = this.#entries.get(key);
    const doubled =
      entry && !this.#expired(entry, eventMs) ? Math.min(entry.delayMs * 2, this.#maxMs) : this.#initialMs;
    this.#entries.set(key, { delayMs: doubled, updatedMs: this.#clock.now() });
  }

  /** Forgets all keys that begin so, as when a pod is gone. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  #expired(entry: Entry, eventMs: number): boolean {
    return eventMs - entry.updatedMs > this.#maxMs * 2;
  }
}
