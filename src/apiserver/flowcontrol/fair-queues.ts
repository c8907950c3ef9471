/** What waits: how many seats it needs, and what to do when it has them. */
export interface Waiting {
  readonly seats: number;
  readonly start: (queue: Queue) => void;
}

/** What a request is taken to last before it is known. */
const expectedSeconds = 0.003;

/** The requests of some flows, in the order in which they came. */
export class Queue {
  readonly waiting: Waiting[] = [];
  /** Seats of those that run, and of those that wait. */
  load = 0;
  /** When the next request would begin, if time passed for this queue only while it is served. */
  nextStart = 0;

  /** A request of this queue has ended: what it was given was more or less than was taken for granted. */
  ended(seats: number, seconds: number): void {
    this.load -= seats;
    this.nextStart += seats * (seconds - expectedSeconds);
  }
}

/**
 * Fair queuing over a few queues (`util/flowcontrol/fairqueuing`): next is the one that has been given the least time, and
 * who was idle has saved nothing up.
 */
export class FairQueues {
  #queues: Queue[] = [];
  /** How far the queue that was served last has come. */
  #virtualNow = 0;
  /** Which queue was served last. */
  #last = 0;
  #requests = 0;
  #seats = 0;

  constructor(count: number) {
    this.resize(count);
  }

  /** How many requests wait. */
  get requests(): number {
    return this.#requests;
  }

  /** The seats that they need. */
  get seats(): number {
    return this.#seats;
  }

  get count(): number {
    return this.#queues.length;
  }

  /** More queues; or fewer, as soon as nobody waits in those that go. */
  resize(count: number): void {
    while (this.#queues.length < count) this.#queues.push(new Queue());
    while (this.#queues.length > count && this.#queues.at(-1)?.waiting.length === 0) this.#queues.pop();
  }

  /** The one of these queues with the least to do. */
  shortest(hand: readonly number[]): Queue | undefined {
    let best: Queue | undefined;
    for (const at of hand) {
      const queue = this.#queues[at];
      if (queue && (!best || queue.load < best.load)) best = queue;
    }
    return best;
  }

  push(queue: Queue, waiting: Waiting): void {
    if (queue.load === 0) queue.nextStart = Math.max(queue.nextStart, this.#virtualNow);
    queue.waiting.push(waiting);
    queue.load += waiting.seats;
    this.#requests += 1;
    this.#seats += waiting.seats;
  }

  /** Who is next; undefined when nobody waits. */
  peek(): Waiting | undefined {
    return this.#next()?.waiting[0];
  }

  /** Lets the next one start. */
  start(): void {
    const queue = this.#next();
    const first = queue?.waiting.shift();
    if (!queue || !first) return;
    this.#last = this.#queues.indexOf(queue);
    this.#virtualNow = Math.max(this.#virtualNow, queue.nextStart);
    queue.nextStart += first.seats * expectedSeconds;
    this.#requests -= 1;
    this.#seats -= first.seats;
    first.start(queue);
  }

  /** Takes out one that waits no longer. False when it has started. */
  remove(queue: Queue, waiting: Waiting): boolean {
    const at = queue.waiting.indexOf(waiting);
    if (at < 0) return false;
    queue.waiting.splice(at, 1);
    queue.load -= waiting.seats;
    this.#requests -= 1;
    this.#seats -= waiting.seats;
    return true;
  }

  /** Of those that have been given the same it is the first behind the one that was served last. */
  #next(): Queue | undefined {
    let best: Queue | undefined;
    const count = this.#queues.length;
    for (let step = 1; step <= count; step += 1) {
      const queue = this.#queues[(this.#last + step) % count];
      if (queue && queue.waiting.length > 0 && (!best || queue.nextStart < best.nextStart)) best = queue;
    }
    return best;
  }
}
