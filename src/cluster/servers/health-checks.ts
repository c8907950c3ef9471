import { messageOf, type Clock, type Component, type Logger } from '#base';

/** Where a server is. */
export interface Target {
  host: string;
  port: number;
}

export interface HealthChecksOptions {
  targets: readonly Target[];
  /** Rejects when the target is not well; the signal aborts when it has had its time. */
  check: (target: Target, signal: AbortSignal) => Promise<void>;
  /** A target says nothing any more, not even that it is not well. */
  onSilent: (target: Target) => void;
  clock: Clock;
  log: Logger;
}

/** Between two looks at a target; and when one speaks against what it was held for. */
const intervalMs = 1_000;
const secondLookMs = 100;
/** How long a target may take to answer. */
const patienceMs = 2_000;
/** So many failures in a row, and a target is out; so many successes, and it is in again. */
const fall = 2;
const rise = 2;

interface State {
  isIn: boolean;
  /** Answers in a row that spoke against that. */
  against: number;
  /** Times in a row that there was no answer. */
  silent: number;
}

/** What a look at a target found; no problem: it is well. */
interface Found {
  isSilent: boolean;
  problem?: string;
}

/**
 * Looks at servers again and again, as HAProxy's `check` does: also one that is stopped takes connections, as its kernel
 * does that for it. At first all are out.
 */
export class HealthChecks implements Component {
  readonly #options: HealthChecksOptions;
  readonly #states: ReadonlyMap<Target, State>;

  constructor(options: HealthChecksOptions) {
    this.#options = options;
    this.#states = new Map(options.targets.map((target) => [target, { isIn: false, against: 0, silent: 0 }]));
  }

  isIn(target: Target): boolean {
    return this.#states.get(target)?.isIn ?? false;
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(Array.from(this.#states, ([target, state]) => this.#lookAt(target, state, signal)));
  }

  async #lookAt(target: Target, state: State, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const found = await this.#look(target, signal);
      if (signal.aborted) return;
      this.#count(target, state, found);
      const waitMs = state.against > 0 ? secondLookMs : intervalMs;
      await this.#options.clock.sleep(waitMs, signal).catch(() => {}); // the loop ends
    }
  }

  async #look(target: Target, signal: AbortSignal): Promise<Found> {
    const { clock, check } = this.#options;
    const late = new AbortController();
    const timer = clock.timer(patienceMs, () => late.abort());
    try {
      await check(target, AbortSignal.any([signal, late.signal]));
      return { isSilent: false };
    } catch (error) {
      const isSilent = late.signal.aborted;
      return { isSilent, problem: isSilent ? `no answer for ${patienceMs} ms` : messageOf(error) };
    } finally {
      timer.cancel();
    }
  }

  #count(target: Target, state: State, { isSilent, problem }: Found): void {
    const isWell = problem === undefined;
    state.against = isWell === state.isIn ? 0 : state.against + 1;
    if (state.against >= (state.isIn ? fall : rise)) this.#turn(target, state, problem);
    state.silent = isSilent ? state.silent + 1 : 0;
    if (state.silent === fall) this.#options.onSilent(target);
  }

  #turn(target: Target, state: State, problem: string | undefined): void {
    const { log } = this.#options;
    state.isIn = problem === undefined;
    state.against = 0;
    if (state.isIn) log.info({ ...target }, 'a server is well, and gets connections');
    else log.warn({ ...target, problem }, 'a server is not well, and gets no connections');
  }
}
