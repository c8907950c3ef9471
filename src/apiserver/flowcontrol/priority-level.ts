import type { PriorityLevelConfiguration } from '#api';
import type { Clock } from '#base';
import { dealHand } from './deal-hand.ts';
import { FairQueues, type Queue, type Waiting } from './fair-queues.ts';
import type { FlowStats } from './flow-stats.ts';
import type { Limits, SeatPool, Sharer } from './seat-pool.ts';

/** Seats that a request has taken. */
export interface Grant {
  /** Gives the seats back. */
  release(): void;
}

/** Why a request gets no seats. */
export type Refusal = 'concurrency-limit' | 'queue-full' | 'time-out' | 'cancelled';

/** A request that wants seats. */
export interface SeatRequest {
  /** Of which flow it is: the schema, and what that tells its requests apart by. */
  readonly flow: string;
  readonly seats: number;
  readonly stats: FlowStats;
  /** Aborts when the client has gone or its time is over. */
  readonly signal: () => AbortSignal;
}

export interface PriorityLevelParts {
  readonly clock: Clock;
  readonly pool: SeatPool;
  /** How long a request waits at most. */
  readonly maxWaitMs: number;
}

const noLimits: Limits = { nominal: 0, lower: 0, upper: 0 };

/** One priority level at work. */
export class PriorityLevel implements Sharer {
  readonly name: string;
  uid = '';
  limits: Limits = noLimits;
  taken = 0;
  #isExempt = false;
  #queues: FairQueues | undefined;
  #handSize = 0;
  #queueLength = 0;
  readonly #parts: PriorityLevelParts;

  constructor(name: string, parts: PriorityLevelParts) {
    this.name = name;
    this.#parts = parts;
  }

  /** How many requests wait, and the seats that they need. */
  get waiting(): { requests: number; seats: number } {
    return { requests: this.#queues?.requests ?? 0, seats: this.#queues?.seats ?? 0 };
  }

  get isWanting(): boolean {
    return this.#queues !== undefined && this.#queues.requests > 0;
  }

  /** Takes a level as it is now; who waits goes on waiting. */
  configure({ metadata, spec }: PriorityLevelConfiguration, limits: Limits): void {
    this.uid = metadata.uid ?? '';
    this.limits = limits;
    this.#isExempt = spec.type === 'Exempt';
    const { type, queuing } = spec.limited?.limitResponse ?? {};
    if (type !== 'Queue') {
      this.#queueLength = 0;
      return;
    }
    const { queues = 64, handSize = 8, queueLengthLimit = 50 } = queuing ?? {};
    this.#handSize = handSize;
    this.#queueLength = queueLengthLimit;
    this.#queues ??= new FairQueues(queues);
    this.#queues.resize(queues);
  }

  /** Seats for a request, at once where there are any. Throws nothing: a refusal is an answer. */
  take(request: SeatRequest): Grant | Refusal | Promise<Grant | Refusal> {
    const { seats, stats } = request;
    if (this.#isExempt || (!this.isWanting && this.#parts.pool.mayTake(this, seats))) return this.#grant(request);
    const queues = this.#queues;
    if (!queues || this.#queueLength === 0) return refuse(stats, 'concurrency-limit');
    const queue = queues.shortest(dealHand(request.flow, queues.count, this.#handSize));
    if (!queue || queue.waiting.length >= this.#queueLength) return refuse(stats, 'queue-full');
    return this.#wait(request, queues, queue);
  }

  dispatch(): void {
    const queues = this.#queues;
    for (let next = queues?.peek(); next && this.#parts.pool.mayTake(this, next.seats); next = queues?.peek()) {
      queues?.start();
    }
  }

  async #wait(request: SeatRequest, queues: FairQueues, queue: Queue): Promise<Grant | Refusal> {
    const { seats, stats } = request;
    const { clock, maxWaitMs } = this.#parts;
    const since = clock.elapsed();
    const { promise, resolve } = Promise.withResolvers<Grant | Refusal>();
    const waiting: Waiting = { seats, start: (from) => resolve(this.#grant(request, from)) };
    const giveUp = (why: Refusal): void => {
      if (queues.remove(queue, waiting)) resolve(refuse(stats, why));
    };
    const cancel = (): void => giveUp('cancelled');
    const signal = request.signal();
    signal.addEventListener('abort', cancel, { once: true });
    const timer = clock.timer(maxWaitMs, () => giveUp('time-out'));
    stats.waiting += 1;
    stats.waitingSeats += seats;
    queues.push(queue, waiting);
    this.dispatch();
    const outcome = await promise;
    timer.cancel();
    signal.removeEventListener('abort', cancel);
    stats.waiting -= 1;
    stats.waitingSeats -= seats;
    stats.waits[typeof outcome === 'string' ? 'false' : 'true'].observe((clock.elapsed() - since) / 1000);
    return outcome;
  }

  #grant({ seats, stats }: SeatRequest, queue?: Queue): Grant {
    const { clock, pool } = this.#parts;
    const since = clock.elapsed();
    this.taken += seats;
    stats.dispatched += 1;
    stats.executing += 1;
    stats.executingSeats += seats;
    return {
      release: () => {
        const seconds = (clock.elapsed() - since) / 1000;
        this.taken -= seats;
        stats.executing -= 1;
        stats.executingSeats -= seats;
        stats.execution.observe(seconds);
        queue?.ended(seats, seconds);
        pool.freed();
      },
    };
  }
}

function refuse(stats: FlowStats, why: Refusal): Refusal {
  stats.rejected.set(why, (stats.rejected.get(why) ?? 0) + 1);
  return why;
}
