import { sleepWith, type Clock, type Timer } from './clock.ts';

interface Pending {
  at: number;
  sequence: number;
  call: () => void;
}

/** A clock that stands still until a test moves it: timers fire in the order of their times, then of their making. */
export class VirtualClock implements Clock {
  #now: number;
  /** How far the time of day was moved beside the time that passes. */
  #moved = 0;
  #sequence = 0;
  #pending: Pending[] = [];

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now + this.#moved;
  }

  elapsed(): number {
    return this.#now;
  }

  /** Sets the time of day forward or back, as an operator or a time server does; no time passes. */
  jump(ms: number): void {
    this.#moved += ms;
  }

  timer(ms: number, call: () => void): Timer {
    const pending: Pending = { at: this.#now + Math.max(ms, 0), sequence: this.#sequence++, call };
    this.#pending.push(pending);
    this.#pending.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
    return { cancel: () => void (this.#pending = this.#pending.filter((other) => other !== pending)) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepWith(this, ms, signal);
  }

  /** Moves time forward by `ms`, firing what falls due, and lets promises settle between two timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#pending[0]; next && next.at <= end; next = this.#pending[0]) {
      this.#pending.shift();
      this.#now = Math.max(this.#now, next.at);
      next.call();
      await settle();
    }
    this.#now = end;
  }

  /** The number of timers that have not fired. */
  get pendingTimers(): number {
    return this.#pending.length;
  }
}

/** Gives every promise that can already settle the chance to. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
