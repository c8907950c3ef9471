import type { Container, Pod, Probe } from '#api';
import type { Clock, Timer } from '#base';
import type { ProbeResult } from '../pods/compute-pod-actions.ts';
import { initialState, nextState, type ProbeKind, type ProbeState } from './probe-state.ts';
import type { ProbeReport } from './http-probe.ts';
import type { RunProbe } from './run-probe.ts';

/** A container as a probe needs to see it. */
export interface ProbedContainer {
  readonly id: string;
  readonly running: boolean;
  readonly startedAtMs: number;
  /** Its startup probe has succeeded, or it has none. */
  readonly started: boolean;
  readonly podIp: string;
}

export interface ProbeWorkerOptions {
  readonly pod: Pod;
  readonly container: Container;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly run: RunProbe;
  /** Told after each run that was no success. */
  readonly failed: (worker: ProbeWorker, report: ProbeReport) => void;
  /** Told when the verdict of a container changed. */
  readonly changed: (worker: ProbeWorker) => void;
}

/** The first try between two runs; each waits twice as long as the one before. */
const firstTryMs = 100;

/**
 * Runs one probe of one container name, for each of its incarnations anew. Fed with `observe` when the container's state
 * changes; between two runs it holds one timer and does nothing.
 */
export class ProbeWorker {
  readonly pod: Pod;
  readonly container: Container;
  readonly kind: ProbeKind;
  readonly #options: ProbeWorkerOptions;
  #state: ProbeState;
  #target: ProbedContainer | undefined;
  #timer: Timer | undefined;
  #running = false;
  #stopped = false;
  /** When the next run is due that counts, whatever it finds. */
  #dueMs = 0;
  #runs = 0;
  #tryMs = firstTryMs;

  constructor(options: ProbeWorkerOptions) {
    this.#options = options;
    this.pod = options.pod;
    this.container = options.container;
    this.kind = options.kind;
    this.#state = initialState(options.kind);
  }

  /** The verdict on this container; undefined for one it has not seen. */
  verdict(containerId: string): ProbeResult | undefined {
    return this.#target?.id === containerId ? this.#state.verdict : undefined;
  }

  get containerId(): string | undefined {
    return this.#target?.id;
  }

  /** Takes note of the container as it is now; starts, holds or resumes the runs. */
  observe(target: ProbedContainer): void {
    if (this.#stopped) return;
    const isNew = target.id !== this.#target?.id;
    const before = this.#target;
    this.#target = target;
    if (isNew) {
      this.#startAnew();
      this.#schedule(this.#firstDelayMs(target));
    } else if (this.#mayRun() && (!this.#timer || (target.started && !before?.started))) {
      this.#schedule(this.#firstDelayMs(target));
    }
    if (!this.#mayRun()) this.#cancel();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #startAnew(): void {
    this.#state = initialState(this.kind);
    this.#dueMs = 0;
    this.#runs = 0;
    this.#tryMs = firstTryMs;
  }

  /** A container is probed while it runs and, but for the startup probe, has started. */
  #mayRun(): boolean {
    const target = this.#target;
    if (!target?.running || this.#stopped || this.#state.onHold) return false;
    return this.kind === 'startup' ? this.#state.verdict !== 'success' : target.started;
  }

  #firstDelayMs(target: ProbedContainer): number {
    const due = target.startedAtMs + (this.#options.probe.initialDelaySeconds ?? 0) * 1000;
    return Math.max(0, due - this.#options.clock.now());
  }

  #schedule(ms: number): void {
    this.#cancel();
    if (!this.#mayRun() || this.#running) return;
    this.#timer = this.#options.clock.timer(ms, () => {
      this.#timer = undefined;
      void this.#once();
    });
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #once(): Promise<void> {
    const target = this.#target;
    if (!target || !this.#mayRun() || this.#running) return;
    const { probe, container, run } = this.#options;
    this.#running = true;
    const counts = this.#begin();
    const report = await run({ probe, container, containerId: target.id, podIp: target.podIp });
    this.#running = false;
    if (this.#stopped) return;
    if (this.#target && this.#target.id !== target.id) return this.#schedule(this.#firstDelayMs(this.#target));
    if (counts || report.outcome === 'success') this.#take(report);
    this.#schedule(this.#nextDelayMs());
  }

  /** Whether the run that begins now is one that counts, or a try between two of them. */
  #begin(): boolean {
    const { probe, clock } = this.#options;
    if (clock.elapsed() < this.#dueMs) return false;
    this.#runs++;
    this.#dueMs = clock.elapsed() + (probe.periodSeconds ?? 10) * 1000;
    return true;
  }

  #nextDelayMs(): number {
    const untilDueMs = Math.max(0, this.#dueMs - this.#options.clock.elapsed());
    if (!this.#isEager()) return untilDueMs;
    const delayMs = Math.min(untilDueMs, this.#tryMs);
    this.#tryMs *= 2;
    return delayMs;
  }

  /**
   * A program that starts listens a moment after its first probe, which upstream's kubelet finds out a whole period later.
   * Within that first period it is tried in between, where a try is cheap. Only a success counts, so nothing else changes
   * (docs/decisions/0004).
   */
  #isEager(): boolean {
    const { exec, successThreshold = 1 } = this.#options.probe;
    if (this.kind === 'liveness' || exec || successThreshold > 1) return false;
    return this.#runs === 1 && this.#state.verdict !== 'success';
  }

  #take(report: ProbeReport): void {
    const before = this.#state;
    this.#state = nextState(before, report.outcome, this.kind, this.#options.probe);
    if (report.outcome !== 'success') this.#options.failed(this, report);
    if (before.verdict !== this.#state.verdict) this.#options.changed(this);
  }
}
