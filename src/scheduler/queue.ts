import type { Clock, Timer } from '#base';
import type { Pod } from '#api';
import { keyOf } from '#machinery';
import type { ClusterEvent } from './framework/cluster-event.ts';
import type { Framework } from './framework/framework.ts';
import type { QueuedPod } from './framework/plugin.ts';
import { Heap } from './heap.ts';

/** A pod in the queue, and what trying it has shown. */
export interface Attempt extends QueuedPod {
  /** How often it was tried. */
  readonly attempts: number;
  /** The plugins that rejected it last time. */
  readonly rejectedBy: ReadonlySet<string>;
  /** Before this time it is not tried again. */
  readonly notBeforeMs: number;
}

const firstBackoffMs = 1000;
const maxBackoffMs = 10_000;
/** A pod that nothing seems to help is tried again after this all the same (`DefaultPodMaxInUnschedulablePodsDuration`). */
const unschedulableForMs = 5 * 60_000;

/**
 * Where pods wait. One that can be tried now is *active*, ordered by priority; one that failed lately is in *back-off*,
 * ordered by the end of that; one that no node can run is *unschedulable* until an event may help it, or five minutes
 * have passed. (`pkg/scheduler/backend/queue/scheduling_queue.go`)
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #framework: Framework;
  readonly #active: Heap<Attempt>;
  readonly #backoff = new Heap<Attempt>((a, b) => a.notBeforeMs < b.notBeforeMs);
  readonly #unschedulable = new Map<string, { attempt: Attempt; sinceMs: number }>();
  /** Pods being tried, with the events that came meanwhile. */
  readonly #inFlight = new Map<string, ClusterEvent[]>();
  #wake: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(options: { clock: Clock; framework: Framework }) {
    this.#clock = options.clock;
    this.#framework = options.framework;
    this.#active = new Heap((a, b) => this.#framework.less(a, b));
  }

  /** A pod without a node has come, or was changed. What was learned of an earlier version of it is kept. */
  add(pod: Pod): void {
    const key = keyOf(pod);
    const known = this.#active.get(key) ?? this.#backoff.get(key) ?? this.#unschedulable.get(key)?.attempt;
    if (!known) {
      this.#activate({ key, pod, queuedAtMs: this.#clock.now(), attempts: 0, rejectedBy: new Set(), notBeforeMs: 0 });
    } else this.#replace({ ...known, pod });
  }

  remove(key: string): void {
    this.#active.remove(key);
    this.#backoff.remove(key);
    this.#unschedulable.delete(key);
  }

  /** The next pod to try; resolves when there is one, with undefined when the signal aborts. */
  async next(signal: AbortSignal): Promise<Attempt | undefined> {
    while (!signal.aborted) {
      this.#releaseDue();
      const attempt = this.#active.pop();
      if (attempt) {
        this.#inFlight.set(attempt.key, []);
        return { ...attempt, attempts: attempt.attempts + 1 };
      }
      await this.#news(signal);
    }
    return undefined;
  }

  /** The pod has its node, or is gone. */
  done(key: string): void {
    this.#inFlight.delete(key);
  }

  /** No node can run the pod now. When something happened meanwhile that may help, it only backs off. */
  failed(attempt: Attempt, rejectedBy: ReadonlySet<string>): void {
    const meanwhile = this.#inFlight.get(attempt.key) ?? [];
    this.#inFlight.delete(attempt.key);
    const now = this.#clock.now();
    const waiting: Attempt = { ...attempt, rejectedBy, notBeforeMs: now + backoffMs(attempt.attempts) };
    const helped =
      rejectedBy.size === 0 || meanwhile.some((event) => this.#framework.mayHelp(event, attempt.pod, rejectedBy));
    if (helped) this.#backoff.push(waiting);
    else this.#unschedulable.set(attempt.key, { attempt: waiting, sinceMs: now });
    this.#arm();
  }

  /** Something happened in the cluster: pods that it may help are tried again, after their back-off. */
  event(event: ClusterEvent): void {
    for (const events of this.#inFlight.values()) events.push(event);
    for (const { attempt } of this.#unschedulable.values()) {
      if (this.#framework.mayHelp(event, attempt.pod, attempt.rejectedBy)) this.#retry(attempt);
    }
  }

  /** How many pods wait where. */
  get sizes(): { active: number; backoff: number; unschedulable: number } {
    return { active: this.#active.size, backoff: this.#backoff.size, unschedulable: this.#unschedulable.size };
  }

  #replace(attempt: Attempt): void {
    const { key } = attempt;
    if (this.#active.has(key)) this.#active.push(attempt);
    else if (this.#backoff.has(key)) this.#backoff.push(attempt);
    else if (this.#framework.mayHelp({ kind: 'podUpdated', pod: attempt.pod }, attempt.pod, attempt.rejectedBy))
      this.#retry(attempt);
    else this.#unschedulable.set(key, { attempt, sinceMs: this.#unschedulable.get(key)?.sinceMs ?? this.#clock.now() });
  }

  #retry(attempt: Attempt): void {
    this.#unschedulable.delete(attempt.key);
    if (attempt.notBeforeMs > this.#clock.now()) {
      this.#backoff.push(attempt);
      this.#arm();
    } else this.#activate(attempt);
  }

  #activate(attempt: Attempt): void {
    const gated = this.#framework.preEnqueue(attempt.pod);
    if (gated) {
      const rejectedBy = new Set(gated.plugin ? [gated.plugin] : []);
      this.#unschedulable.set(attempt.key, { attempt: { ...attempt, rejectedBy }, sinceMs: this.#clock.now() });
      return;
    }
    this.#active.push(attempt);
    this.#wake?.();
  }

  #releaseDue(): void {
    const now = this.#clock.now();
    for (let first = this.#backoff.peek(); first && first.notBeforeMs <= now; first = this.#backoff.peek()) {
      this.#backoff.pop();
      this.#activate(first);
    }
    for (const { attempt, sinceMs } of this.#unschedulable.values())
      if (now - sinceMs >= unschedulableForMs) this.#retry(attempt);
    this.#arm();
  }

  /** One timer, for whatever falls due first. */
  #arm(): void {
    this.#timer?.cancel();
    const oldest = Math.min(...[...this.#unschedulable.values()].map(({ sinceMs }) => sinceMs + unschedulableForMs));
    const due = Math.min(this.#backoff.peek()?.notBeforeMs ?? Infinity, oldest);
    this.#timer = due === Infinity ? undefined : this.#clock.timer(due - this.#clock.now(), () => this.#wake?.());
  }

  async #news(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    if (signal.aborted) this.#timer?.cancel();
  }
}

/** 1 s after the first failure, doubling to 10 s. */
function backoffMs(attempts: number): number {
  return Math.min(firstBackoffMs * 2 ** Math.max(0, attempts - 1), maxBackoffMs);
}
