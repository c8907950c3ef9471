import { ageOf, parseTime } from '#machinery';
import type { ContainerStateTerminated, ContainerStatus } from './container-status.ts';
import type { Pod } from './pod.ts';

/** A pod in four words, as `pkg/printers/internalversion/printers.go` (printPod) puts it together. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  /** `Running`, `Init:1/2`, `CrashLoopBackOff`, `Terminating`. */
  readonly status: string;
  /** `0`, or `3 (2m ago)`. */
  readonly restarts: (nowMs: number) => string;
}

/** Restarts of some containers, and the end of the run before the last restart. */
class Restarts {
  count = 0;
  #last: string | undefined;

  add({ restartCount, lastState }: ContainerStatus): void {
    this.count += restartCount;
    const end = lastState?.terminated?.finishedAt;
    if (end === undefined) return;
    if (this.#last === undefined || parseTime(end) > parseTime(this.#last)) this.#last = end;
  }

  show(nowMs: number): string {
    if (this.count === 0 || this.#last === undefined) return String(this.count);
    return `${this.count} (${ageOf(this.#last, nowMs)} ago)`;
  }
}

interface Progress {
  readonly ready: number;
  readonly restarts: Restarts;
  /** Of init containers: absent when all are done. Of the others: absent when none has something to say. */
  readonly reason?: string | undefined;
}

/** Sums up what the containers of a pod are doing. */
export function summaryOf(pod: Pod): PodSummary {
  const { spec, status } = pod;
  const sidecars = new Set((spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map(nameOf));
  const total = spec.containers.length + sidecars.size;
  const init = initProgress(pod, sidecars);
  const isGated = status.conditions?.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  const phase = isGated ? 'SchedulingGated' : status.reason || (status.phase ?? '');
  const before = init.reason ?? phase;
  if (init.reason !== undefined && !isTrue(pod, 'Initialized')) {
    return { ready: init.ready, total, status: endOf(pod, before), restarts: (nowMs) => init.restarts.show(nowMs) };
  }
  const main = mainProgress(pod, sidecars, before);
  const ready = init.ready + main.ready;
  return { ready, total, status: endOf(pod, main.reason), restarts: (nowMs) => main.restarts.show(nowMs) };
}

function nameOf({ name }: { name: string }): string {
  return name;
}

/** Looks at the init containers up to the first one that is not done. */
function initProgress({ spec, status }: Pod, sidecars: ReadonlySet<string>): Progress {
  const restarts = new Restarts();
  let ready = 0;
  for (const [at, container] of (status.initContainerStatuses ?? []).entries()) {
    restarts.add(container);
    const { terminated, waiting } = container.state ?? {};
    if (terminated && terminated.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started === true) {
      if (container.ready) ready += 1;
      continue;
    }
    if (terminated) return { ready, restarts, reason: `Init:${reasonOf(terminated)}` };
    const isWaiting = waiting?.reason && waiting.reason !== 'PodInitializing';
    const reason = isWaiting ? `Init:${waiting.reason}` : `Init:${at}/${spec.initContainers?.length ?? 0}`;
    return { ready, restarts, reason };
  }
  return { ready, restarts };
}

/** Looks at the containers from the last to the first: the first one that has something to say wins. */
function mainProgress(pod: Pod, sidecars: ReadonlySet<string>, before: string): Progress & { reason: string } {
  const restarts = new Restarts();
  for (const container of pod.status.initContainerStatuses ?? []) {
    if (sidecars.has(container.name)) restarts.add(container);
  }
  let reason = before;
  let ready = 0;
  let isRunning = false;
  for (const container of (pod.status.containerStatuses ?? []).toReversed()) {
    restarts.add(container);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) reason = reasonOf(terminated);
    else if (container.ready && running) {
      isRunning = true;
      ready += 1;
    }
  }
  // A pod with one container that is done and one that runs is running.
  if (reason === 'Completed' && isRunning) reason = isTrue(pod, 'Ready') ? 'Running' : 'NotReady';
  return { ready, restarts, reason };
}

function reasonOf({ reason, signal, exitCode }: ContainerStateTerminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** Being deleted is told before everything else. */
function endOf({ metadata, status }: Pod, otherwise: string): string {
  if (metadata.deletionTimestamp === undefined) return otherwise;
  if (status.reason === 'NodeLost') return 'Unknown';
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? otherwise : 'Terminating';
}

function isTrue({ status }: Pod, type: string): boolean {
  return status.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}
