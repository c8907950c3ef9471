import type { ContainerStatus, PodStatus } from '#api';
import { formatTime } from '#machinery';
import { ephemeralContainers, initContainers, isTerminal } from '../pods/containers.ts';
import { podQos } from '../runtime/qos.ts';
import { podIpsOf } from '../runtime/pod-runtime-status.ts';
import { mergeConditions, podConditions, resizeVerdicts } from './conditions.ts';
import { containerStatuses, type ContainerStatusInput } from './container-statuses.ts';
import { podPhase } from './phase.ts';

export interface PodStatusInput extends Omit<ContainerStatusInput, 'previous'> {
  /** What was reported last, or what the API has. */
  readonly previous: PodStatus;
  readonly hostIps: readonly string[];
  readonly nowMs: number;
  /** Why the pod does not get the resources that it now asks for. */
  readonly pendingResize?: { readonly reason: string; readonly message: string };
  /** The kubelet ends the pod by itself, e.g. reason `DeadlineExceeded`. */
  readonly failure?: { readonly reason: string; readonly message: string };
}

/** The status to report for a pod (`kubelet_pods.go` generateAPIPodStatus upstream). */
export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, previous, nowMs, failure, runtime } = input;
  const init = containerStatuses(initContainers(pod), 'init', {
    ...input,
    previous: previous.initContainerStatuses ?? [],
  });
  const regular = containerStatuses(pod.spec.containers, 'regular', {
    ...input,
    previous: previous.containerStatuses ?? [],
  });
  const ephemeral = containerStatuses(ephemeralContainers(pod), 'ephemeral', {
    ...input,
    previous: previous.ephemeralContainerStatuses ?? [],
  });
  // The same name may not be in both lists, so one search over both finds the right one.
  const hasInitialized = regular.some(hasRun);
  const computed = podPhase({ pod, statuses: [...init, ...regular], isTerminal: input.isTerminal, hasInitialized });
  const phase = finalPhase(previous, failure !== undefined, computed, input.isTerminal);
  const podIps = pod.spec.hostNetwork ? input.hostIps : podIpsOf(runtime);
  const ips = podIps.length > 0 ? podIps : (previous.podIPs ?? []).flatMap(({ ip }) => ip ?? []);
  const newest = runtime.sandboxes[0];
  const sandboxReady = newest !== undefined && newest.ready && (pod.spec.hostNetwork === true || newest.ips.length > 0);
  const existing = previous.conditions ?? [];
  const generation = pod.metadata.generation;
  const verdicts = {
    ...podConditions({ pod, phase, init, regular, existing, sandboxReady }),
    ...resizeVerdicts(input.pendingResize, input.resizing.size > 0),
  };
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase,
    conditions: mergeConditions(existing, verdicts, generation, formatTime(nowMs)),
    ...explanation(previous, failure),
    ...(previous.nominatedNodeName && { nominatedNodeName: previous.nominatedNodeName }),
    hostIP: input.hostIps[0] ?? '',
    hostIPs: input.hostIps.map((ip) => ({ ip })),
    ...(ips.length > 0 && { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }),
    startTime: previous.startTime ?? formatTime(nowMs),
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: regular,
    qosClass: podQos(pod),
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
  };
}

function hasRun(status: ContainerStatus): boolean {
  return status.containerID !== undefined || status.lastState?.terminated !== undefined;
}

/** A final phase never changes; a pod whose containers are all gone for good gets one. */
function finalPhase(
  previous: PodStatus,
  failed: boolean,
  computed: ReturnType<typeof podPhase>,
  isOver: boolean,
): ReturnType<typeof podPhase> {
  const before = previous.phase;
  if (isTerminal(before)) return before === 'Succeeded' ? 'Succeeded' : 'Failed';
  if (failed) return 'Failed';
  return isOver && !isTerminal(computed) ? 'Failed' : computed;
}

function explanation(previous: PodStatus, failure: PodStatusInput['failure']): Pick<PodStatus, 'reason' | 'message'> {
  if (failure) return { reason: failure.reason, message: failure.message };
  return {
    ...(previous.reason && { reason: previous.reason }),
    ...(previous.message && { message: previous.message }),
  };
}
