import type { Container, Pod } from '#api';
import type { Clock } from '#base';
import { initContainers, isSidecar } from '../pods/containers.ts';
import type { ProbeResult, ProbeResults } from '../pods/compute-pod-actions.ts';
import type { PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';
import { latestContainer } from '../runtime/pod-runtime-status.ts';
import type { Readiness } from '../status/container-statuses.ts';
import type { ProbeReport } from './http-probe.ts';
import type { ProbeKind } from './probe-state.ts';
import { ProbeWorker } from './probe-worker.ts';
import type { RunProbe } from './run-probe.ts';

export interface PodProbesOptions {
  readonly pod: Pod;
  readonly clock: Clock;
  readonly run: RunProbe;
  /** A verdict changed: the pod's status, or its containers, need another look. */
  readonly changed: () => void;
  readonly failed: (container: Container, kind: ProbeKind, report: ProbeReport) => void;
}

const kinds = ['startup', 'readiness', 'liveness'] as const;

/** All probes of one pod: workers by container and kind, and what they have found. */
export class PodProbes implements ProbeResults, Readiness {
  readonly #options: PodProbesOptions;
  readonly #workers: ProbeWorker[];
  #status: PodRuntimeStatus | undefined;
  #podIp = '';
  #terminating = false;

  constructor(options: PodProbesOptions) {
    this.#options = options;
    const probed = [...initContainers(options.pod).filter(isSidecar), ...options.pod.spec.containers];
    this.#workers = probed.flatMap((container) => kinds.flatMap((kind) => this.#worker(container, kind)));
  }

  get isEmpty(): boolean {
    return this.#workers.length === 0;
  }

  liveness(containerId: string): ProbeResult | undefined {
    return this.#verdict('liveness', containerId);
  }

  startup(containerId: string): ProbeResult | undefined {
    return this.#verdict('startup', containerId);
  }

  isStarted(container: Container, containerId: string): boolean {
    return !container.startupProbe || this.startup(containerId) === 'success';
  }

  isReady(container: Container, containerId: string): boolean {
    return !container.readinessProbe || this.#verdict('readiness', containerId) === 'success';
  }

  /** Tells the workers how their containers are now. */
  observe(status: PodRuntimeStatus, podIp: string): void {
    this.#status = status;
    this.#podIp = podIp;
    for (const worker of this.#workers) this.#feed(worker);
  }

  /** From the pod's termination on only readiness is probed. */
  terminate(): void {
    this.#terminating = true;
    for (const worker of this.#workers) if (worker.kind !== 'readiness') worker.stop();
  }

  stop(): void {
    for (const worker of this.#workers) worker.stop();
  }

  #worker(container: Container, kind: ProbeKind): ProbeWorker[] {
    const probe = container[`${kind}Probe`];
    if (!probe) return [];
    const { pod, clock, run } = this.#options;
    const changed = (worker: ProbeWorker): void => {
      // A started container opens the way for its other probes.
      if (worker.kind === 'startup') for (const other of this.#workers) this.#feed(other);
      this.#options.changed();
    };
    const failed = (worker: ProbeWorker, report: ProbeReport): void =>
      this.#options.failed(worker.container, kind, report);
    return [new ProbeWorker({ pod, container, kind, probe, clock, run, changed, failed })];
  }

  #feed(worker: ProbeWorker): void {
    if (this.#terminating && worker.kind !== 'readiness') return;
    const container = this.#status && latestContainer(this.#status, worker.container.name);
    if (!container) return;
    worker.observe({
      id: container.id,
      running: container.state === 'running',
      startedAtMs: container.startedAtMs,
      started: worker.kind === 'startup' ? false : this.isStarted(worker.container, container.id),
      podIp: this.#podIp,
    });
  }

  #verdict(kind: ProbeKind, containerId: string): ProbeResult | undefined {
    for (const worker of this.#workers) {
      if (worker.kind === kind && worker.containerId === containerId) return worker.verdict(containerId);
    }
    return undefined;
  }
}
