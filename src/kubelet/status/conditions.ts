import type { ContainerStatus, Pod, PodCondition } from '#api';
import { initContainers, isSidecar } from '../pods/containers.ts';
import type { Phase } from './phase.ts';

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;

export interface ConditionInput {
  readonly pod: Pod;
  readonly phase: Phase;
  readonly init: readonly ContainerStatus[];
  readonly regular: readonly ContainerStatus[];
  /** Conditions as the API has them now, for readiness gates. */
  readonly existing: readonly PodCondition[];
  readonly sandboxReady: boolean;
}

/** The condition types that the kubelet writes; all others belong to someone else. */
export const kubeletConditions = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
] as const;

/** The verdict of each condition of the kubelet (`pkg/kubelet/status/generate.go` upstream). */
export function podConditions(input: ConditionInput): Record<(typeof kubeletConditions)[number], Verdict> {
  const containersReady = containersReadyVerdict(input);
  return {
    PodReadyToStartContainers: { status: input.sandboxReady ? 'True' : 'False' },
    Initialized: initializedVerdict(input),
    Ready: readyVerdict(containersReady, input),
    ContainersReady: containersReady,
    PodScheduled: { status: 'True' },
  };
}

function containersReadyVerdict({ pod, phase, init, regular }: ConditionInput): Verdict {
  const counted = [...initContainers(pod).filter(isSidecar), ...pod.spec.containers];
  const statuses = [...init, ...regular];
  const unknown = counted.filter(({ name }) => !statuses.some((status) => status.name === name));
  const unready = counted.filter(({ name }) => statuses.some((status) => status.name === name && !status.ready));
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const message = [told('unknown', unknown), told('unready', unready)].filter(Boolean).join(', ');
  return message === '' ? { status: 'True' } : { status: 'False', reason: 'ContainersNotReady', message };
}

function told(kind: string, containers: readonly { name: string }[]): string {
  if (containers.length === 0) return '';
  return `containers with ${kind} status: [${containers.map(({ name }) => name).join(' ')}]`;
}

function readyVerdict(containersReady: Verdict, { pod, existing }: ConditionInput): Verdict {
  if (containersReady.status !== 'True') return containersReady;
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = existing.find((condition) => condition.type === conditionType);
    if (!gate)
      return [`corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`];
    if (gate.status === 'True') return [];
    return [`the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${gate.status}`];
  });
  if (messages.length === 0) return { status: 'True' };
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
}

function initializedVerdict({ pod, phase, init, regular }: ConditionInput): Verdict {
  const all = initContainers(pod);
  const statusOf = (name: string): ContainerStatus | undefined => init.find((status) => status.name === name);
  const unknown = all.filter(({ name }) => !statusOf(name));
  const incomplete = all.filter((container) => {
    const status = statusOf(container.name);
    return status && !(isSidecar(container) ? status.started : status.ready);
  });
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'True', reason: 'PodCompleted' };
  // Once a regular container has started, initialization is over whatever becomes of sidecars.
  if (regular.some((status) => status.started || status.lastState?.terminated)) return { status: 'True' };
  const message = [told('unknown', unknown), told('incomplete', incomplete)].filter(Boolean).join(', ');
  return message === '' ? { status: 'True' } : { status: 'False', reason: 'ContainersNotInitialized', message };
}

/** Puts verdicts into the pod's conditions: a transition time moves only when the status does; others' conditions stay. */
export function mergeConditions(
  existing: readonly PodCondition[],
  verdicts: Record<string, Verdict>,
  observedGeneration: number | undefined,
  now: string,
): PodCondition[] {
  const mine = Object.entries(verdicts).map(([type, verdict]): PodCondition => {
    const before = existing.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : now;
    return {
      type,
      ...(observedGeneration !== undefined && { observedGeneration }),
      status: verdict.status,
      lastTransitionTime: lastTransitionTime ?? now,
      ...(verdict.reason && { reason: verdict.reason }),
      ...(verdict.message && { message: verdict.message }),
    };
  });
  return [...mine, ...existing.filter((condition) => !Object.hasOwn(verdicts, condition.type))];
}
