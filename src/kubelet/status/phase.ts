import type { Container, ContainerStatus, Pod } from '#api';
import { initContainers, isSidecar, podRestartPolicy } from '../pods/containers.ts';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export interface PhaseInput {
  readonly pod: Pod;
  /** Statuses of init and regular containers together. */
  readonly statuses: readonly ContainerStatus[];
  /** The pod is being ended for good: its containers never restart, whatever the policy. */
  readonly isTerminal: boolean;
  /** A regular container was made before: what init containers do no longer makes the pod pending. */
  readonly hasInitialized: boolean;
}

/** The phase that follows from the containers' states (`kubelet_pods.go` getPhase upstream). */
export function podPhase({ pod, statuses, isTerminal, hasInitialized }: PhaseInput): Phase {
  const find = (container: Container): ContainerStatus | undefined =>
    statuses.find((status) => status.name === container.name);
  const init = countInit(initContainers(pod), find);
  const main = countRegular(pod.spec.containers, find);
  const policy = podRestartPolicy(pod);
  if (init.failed > 0 && policy === 'Never') return 'Failed';
  if (init.pending > 0 && !hasInitialized) return 'Pending';
  if (main.waiting > 0 || main.unknown > 0) return 'Pending';
  if (main.running > 0) return 'Running';
  if (main.stopped === 0) return 'Pending';
  if (isTerminal) return main.stopped === main.succeeded ? 'Succeeded' : 'Failed';
  if (policy === 'Always') return 'Running';
  if (main.stopped === main.succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

type Find = (container: Container) => ContainerStatus | undefined;

function countInit(containers: readonly Container[], find: Find): { pending: number; failed: number } {
  const counts = { pending: 0, failed: 0 };
  for (const container of containers) {
    const status = find(container);
    const sidecar = isSidecar(container);
    if (sidecar && sidecarIsUp(status)) continue;
    const ended = status?.state?.terminated ?? (sidecar ? undefined : status?.lastState?.terminated);
    if (!ended || sidecar) counts.pending++;
    else if (ended.exitCode !== 0) counts.failed++;
  }
  return counts;
}

/** A sidecar that ended counts for nothing; one that never started holds the pod back. */
function sidecarIsUp(status: ContainerStatus | undefined): boolean {
  if (status?.state?.running) return status.started === true;
  return status?.state?.terminated !== undefined || status?.lastState?.terminated !== undefined;
}

function countRegular(
  containers: readonly Container[],
  find: Find,
): { unknown: number; running: number; waiting: number; stopped: number; succeeded: number } {
  const counts = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0 };
  for (const container of containers) {
    const status = find(container);
    const state = status?.state;
    if (state?.running) counts.running++;
    else if (state?.terminated) {
      counts.stopped++;
      if (state.terminated.exitCode === 0) counts.succeeded++;
    } else if (!state?.waiting) counts.unknown++;
    else if (status?.lastState?.terminated) counts.stopped++;
    else counts.waiting++;
  }
  return counts;
}
