import type { Container, Pod } from '#api';

/** The name under which logs, events and worker messages tell of a pod: `name_namespace(uid)`. */
export function podLabel(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
}

/** An init container that stays: a sidecar. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

export function initContainers(pod: Pod): readonly Container[] {
  return pod.spec.initContainers ?? [];
}

/** The ephemeral containers, seen as containers. */
export function ephemeralContainers(pod: Pod): readonly Container[] {
  return pod.spec.ephemeralContainers ?? []; // they share all fields that the kubelet reads
}

/** Everything that can run in the pod: init, regular, ephemeral. */
export function allContainers(pod: Pod): readonly Container[] {
  return [...initContainers(pod), ...pod.spec.containers, ...ephemeralContainers(pod)];
}

export function findContainer(pod: Pod, name: string): Container | undefined {
  return allContainers(pod).find((container) => container.name === name);
}

/** `spec.containers{name}`: how an event's involvedObject points at a container. */
export function containerFieldPath(pod: Pod, container: Container): string {
  const inList = (list: readonly Container[]): boolean => list.some((other) => other.name === container.name);
  if (inList(initContainers(pod))) return `spec.initContainers{${container.name}}`;
  if (inList(ephemeralContainers(pod))) return `spec.ephemeralContainers{${container.name}}`;
  return `spec.containers{${container.name}}`;
}

export function podRestartPolicy(pod: Pod): 'Always' | 'OnFailure' | 'Never' {
  const policy = pod.spec.restartPolicy;
  return policy === 'OnFailure' || policy === 'Never' ? policy : 'Always';
}

/** A pod whose phase is final: its containers never run again. */
export function isTerminal(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
