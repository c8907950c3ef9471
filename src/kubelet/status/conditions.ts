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

/** Those that are there only while a resize is: it waits for resources, or is under way. */
export const resizeConditions = ['PodResizePending', 'PodResizeInProgress'] as const;

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

/** What is said of a resize; undefined where there is nothing to say (`pkg/kubelet/status/status_manager.go`). */
export function resizeVerdicts(
  pending: { reason: string; message: string } | undefined,
  isInProgress: boolean,
): Record<(typeof resizeConditions)[number], Verdict | undefined> {
  return {
    PodResizePending: pending && { status: 'True', ...pending },
    PodResizeInProgress: isInProgress ? { status: 'True' } : undefined,
  };
}

/** Puts verdicts into the pod's conditions, and takes those out that are undefined: a transition time moves only when the status does; others' conditions stay. */
export function mergeConditions(
  existing: readonly PodCondition[],
  verdicts: Record<string, Verdict | undefined>,
  observedGeneration: number | undefined,
  now: string,
): PodCondition[] {
  const mine = Object.entries(verdicts).flatMap(([type, verdict]): PodCondition[] => {
    if (!verdict) return [];
    const before = existing.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : now;
    const condition = {
      type,
      ...(observedGeneration !== undefined && { observedGeneration }),
      status: verdict.status,
      lastTransitionTime: lastTransitionTime ?? now,
      ...(verdict.reason && { reason: verdict.reason }),
      ...(verdict.message && { message: verdict.message }),
    };
    return [condition];
  });
  return [...mine, ...existing.filter((condition) => !Object.hasOwn(verdicts, condition.type))];
}
