import type { Clock, Timer } from '#base';
import type { Pod } from '#api';
import { keyOf, uidOf } from '#machinery';
import { backoffMs, unschedulableForMs } from './backoff.ts';
import type { ClusterEvent } from './framework/cluster-event.ts';
import type { Framework } from './framework/framework.ts';
import type { QueuedPod } from './framework/plugin.ts';
import { Heap } from './heap.ts';

/** A pod in the queue, and what trying it has shown. */
export interface Attempt extends QueuedPod {
  /** Orders pods that are equal otherwise: who came first. */
  readonly sequence: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** The plugins that rejected it last time. */
  readonly rejectedBy: ReadonlySet<string>;
  /** Before this time it is not tried again, unless nothing else is to do. */
  readonly notBeforeMs: number;
}

/** Why an attempt came to nothing. */
export interface Failure {
  /** The plugins that rejected the pod. */
  rejectedBy: ReadonlySet<string>;
  /** Something broke, which says nothing of the pod: it is tried again whatever happens in the cluster. */
  broken?: boolean;
}

/**
 * Where pods wait. One that can be tried now is *active*, ordered by priority; one that failed lately and may be helped
 * is in *back-off*, and is tried when that ends, or as soon as no pod is active (KEP-5142); one that met an error is in
 * *error back-off*, whose end it must await; one that no node can run is *unschedulable* until an event may help it, or
 * five minutes have passed. (`pkg/scheduler/backend/queue`)
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #framework: Framework;
  readonly #active: Heap<Attempt>;
  readonly #backoff: Heap<Attempt>;
  readonly #errorBackoff = new Heap<Attempt>((a, b) => a.notBeforeMs < b.notBeforeMs);
  /** In the order in which they became so. */
  readonly #unschedulable = new Map<string, { attempt: Attempt; sinceMs: number }>();
  /** Pods being tried, by uid, with the events that came meanwhile. */
  readonly #inFlight = new Map<string, ClusterEvent[]>();
  #sequence = 0;
  #wake: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(options: { clock: Clock; framework: Framework }) {
    this.#clock = options.clock;
    this.#framework = options.framework;
    this.#active = new Heap((a, b) => this.#goesFirst(a, b));
    this.#backoff = new Heap((a, b) => this.#endsFirst(a, b));
  }

  /** A pod without a node has come, or was changed. What was learned of an earlier version of it is kept. */
  add(pod: Pod): void {
    const key = keyOf(pod);
    const known = this.#find(key);
    if (known && uidOf(known.pod) === uidOf(pod)) return this.#replace({ ...known, pod });
    this.remove(key);
    const learned = { attempts: 0, rejectedBy: new Set<string>(), notBeforeMs: 0 };
    this.#activate({ key, pod, queuedAtMs: this.#clock.elapsed(), sequence: this.#sequence++, ...learned });
  }

  remove(key: string): void {
    for (const heap of this.#heaps) heap.remove(key);
    this.#unschedulable.delete(key);
  }

  /** The next pod to try; resolves when there is one, with undefined when the signal aborts. */
  async next(signal: AbortSignal): Promise<Attempt | undefined> {
    while (!signal.aborted) {
      this.#releaseDue();
      const attempt = this.#active.pop() ?? this.#backoff.pop();
      if (attempt) {
        this.#inFlight.set(uidOf(attempt.pod), []);
        return { ...attempt, attempts: attempt.attempts + 1 };
      }
      this.#arm();
      await this.#news(signal);
    }
    return undefined;
  }

  /** The pod has its node, or is gone. */
  done(pod: Pod): void {
    this.#inFlight.delete(uidOf(pod));
  }

  /** The pod has no node. When something happened meanwhile that may help, it only backs off. */
  failed(attempt: Attempt, { rejectedBy, broken = false }: Failure): void {
    const meanwhile = this.#inFlight.get(uidOf(attempt.pod)) ?? [];
    this.done(attempt.pod);
    const now = this.#clock.elapsed();
    const notBeforeMs = now + backoffMs(attempt.attempts);
    const waiting: Attempt = { ...attempt, queuedAtMs: now, sequence: this.#sequence++, rejectedBy, notBeforeMs };
    if (broken) this.#errorBackoff.push(waiting);
    else if (meanwhile.some((event) => this.#framework.mayHelp(event, attempt.pod, rejectedBy)))
      this.#backoff.push(waiting);
    else this.#unschedulable.set(attempt.key, { attempt: waiting, sinceMs: now });
    this.#wake?.();
  }

  /** Something happened in the cluster: pods that it may help are tried again. */
  event(event: ClusterEvent, except?: string): void {
    for (const events of this.#inFlight.values()) events.push(event);
    // A pod that is still held at the gate comes in again at the end: the list must not grow while it is walked.
    for (const { attempt } of Array.from(this.#unschedulable.values())) {
      if (attempt.key !== except && this.#framework.mayHelp(event, attempt.pod, attempt.rejectedBy))
        this.#retry(attempt);
    }
  }

  /** How many pods wait where. */
  get sizes(): { active: number; backoff: number; unschedulable: number } {
    const backoff = this.#backoff.size + this.#errorBackoff.size;
    return { active: this.#active.size, backoff, unschedulable: this.#unschedulable.size };
  }

  /** Takes its timer back. */
  close(): void {
    this.#timer?.cancel();
  }

  get #heaps(): readonly Heap<Attempt>[] {
    return [this.#active, this.#backoff, this.#errorBackoff];
  }

  #find(key: string): Attempt | undefined {
    return this.#heaps.find((heap) => heap.has(key))?.get(key) ?? this.#unschedulable.get(key)?.attempt;
  }

  #goesFirst(a: Attempt, b: Attempt): boolean {
    return this.#framework.less(a, b) || (!this.#framework.less(b, a) && a.sequence < b.sequence);
  }

  /** Of back-offs that end within the same second the order is that of the queue, or priority would count for nothing. */
  #endsFirst(a: Attempt, b: Attempt): boolean {
    const [endA, endB] = [Math.floor(a.notBeforeMs / 1000), Math.floor(b.notBeforeMs / 1000)];
    return endA < endB || (endA === endB && this.#goesFirst(a, b));
  }

  #replace(attempt: Attempt): void {
    const { key, pod, rejectedBy } = attempt;
    const heap = this.#heaps.find((one) => one.has(key));
    if (heap) heap.push(attempt);
    else if (this.#framework.mayHelp({ kind: 'podUpdated', pod }, pod, rejectedBy)) this.#retry(attempt);
    else
      this.#unschedulable.set(key, {
        attempt,
        sinceMs: this.#unschedulable.get(key)?.sinceMs ?? this.#clock.elapsed(),
      });
  }

  #retry(attempt: Attempt): void {
    this.#unschedulable.delete(attempt.key);
    if (attempt.notBeforeMs <= this.#clock.elapsed()) return this.#activate(attempt);
    this.#backoff.push(attempt);
    this.#wake?.();
  }

  #activate(attempt: Attempt): void {
    const gated = this.#framework.preEnqueue(attempt.pod);
    if (gated) {
      const rejectedBy = new Set(gated.plugin ? [gated.plugin] : []);
      this.#unschedulable.set(attempt.key, { attempt: { ...attempt, rejectedBy }, sinceMs: this.#clock.elapsed() });
      return;
    }
    this.#active.push(attempt);
    this.#wake?.();
  }

  #releaseDue(): void {
    const now = this.#clock.elapsed();
    for (const heap of [this.#backoff, this.#errorBackoff]) {
      for (let first = heap.peek(); first && first.notBeforeMs <= now; first = heap.peek()) {
        heap.pop();
        this.#activate(first);
      }
    }
    for (const { attempt, sinceMs } of this.#unschedulable.values()) {
      if (now - sinceMs < unschedulableForMs) break;
      this.#retry(attempt);
    }
  }

  /** One timer, for whatever falls due first. */
  #arm(): void {
    this.#timer?.cancel();
    const [oldest] = this.#unschedulable.values();
    const due = Math.min(
      this.#errorBackoff.peek()?.notBeforeMs ?? Infinity,
      oldest ? oldest.sinceMs + unschedulableForMs : Infinity,
    );
    this.#timer = due === Infinity ? undefined : this.#clock.timer(due - this.#clock.elapsed(), () => this.#wake?.());
  }

  async #news(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    signal.removeEventListener('abort', wake);
  }
}
