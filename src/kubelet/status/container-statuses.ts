import type { Container, ContainerState, ContainerStatus, Pod } from '#api';
import { formatTime } from '#machinery';
import { isSidecar } from '../pods/containers.ts';
import { shouldStart } from '../pods/restart-policy.ts';
import { latestContainer, type PodRuntimeStatus, type RuntimeContainer } from '../runtime/pod-runtime-status.ts';

/** Why a container waits: the reason of the last failed start. */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

/** The probes' word on a running container. */
export interface Readiness {
  isStarted(container: Container, containerId: string): boolean;
  isReady(container: Container, containerId: string): boolean;
}

export interface ContainerStatusInput {
  readonly pod: Pod;
  readonly runtime: PodRuntimeStatus;
  readonly runtimeName: string;
  readonly waiting: ReadonlyMap<string, WaitingReason>;
  readonly readiness: Readiness;
  /** The containers that run with other limits than they are to have. */
  readonly resizing: ReadonlySet<string>;
  /** The statuses reported before, for what the runtime has forgotten. */
  readonly previous: readonly ContainerStatus[];
  /** No container of the pod will be started or found again. */
  readonly isTerminal: boolean;
}

export type ContainerRole = 'init' | 'regular' | 'ephemeral';

/** The API statuses of these containers (`kubelet_pods.go` convertToAPIContainerStatuses upstream). */
export function containerStatuses(
  containers: readonly Container[],
  role: ContainerRole,
  input: ContainerStatusInput,
): ContainerStatus[] {
  return containers.map((container) => {
    const base = currentStatus(container, role, input);
    const status = withWaitingReason(container, role, base, input);
    return withReadiness(container, role, status, input);
  });
}

function currentStatus(container: Container, role: ContainerRole, input: ContainerStatusInput): ContainerStatus {
  const [current, before] = input.runtime.containers.filter((other) => other.name === container.name);
  if (!current) return withoutRecord(container, role, input);
  const previous = input.previous.find((status) => status.name === container.name);
  const lastState = before ? stateOf(before, input.runtimeName) : (previous?.lastState ?? {});
  return {
    name: container.name,
    state: stateOf(current, input.runtimeName),
    lastState,
    ready: false,
    restartCount: current.restartCount,
    image: current.image,
    imageID: current.imageRef,
    containerID: `${input.runtimeName}://${current.id}`,
    ...resourcesOf(container, input.resizing.has(container.name) ? previous : undefined),
    ...(current.user && {
      user: { linux: { ...current.user, supplementalGroups: [...current.user.supplementalGroups] } },
    }),
    ...volumeMountsOf(container),
  };
}

/** What a container was promised, and what it has: until it is resized, that is what it had before. */
function resourcesOf(
  container: Container,
  before: ContainerStatus | undefined,
): Pick<ContainerStatus, 'resources' | 'allocatedResources'> {
  const { requests, limits } = container.resources ?? {};
  const promised = { ...(limits && { limits }), ...(requests && { requests }) };
  return { ...(requests && { allocatedResources: requests }), resources: before?.resources ?? promised };
}

function volumeMountsOf(container: Container): Pick<ContainerStatus, 'volumeMounts'> {
  const mounts = (container.volumeMounts ?? []).map((mount) => ({
    name: mount.name,
    mountPath: mount.mountPath,
    ...(mount.readOnly && { readOnly: true, recursiveReadOnly: mount.recursiveReadOnly ?? 'Disabled' }),
  }));
  return mounts.length > 0 ? { volumeMounts: mounts } : {};
}

const unlocated = { reason: 'ContainerStatusUnknown', exitCode: 137 } as const;

/** A container that the runtime has no record of: it waits for its start, or was lost. */
function withoutRecord(container: Container, role: ContainerRole, input: ContainerStatusInput): ContainerStatus {
  const previous = input.previous.find((status) => status.name === container.name);
  if (previous?.state?.terminated) return previous;
  const initializing = role === 'regular' && (input.pod.spec.initContainers ?? []).length > 0;
  const waiting: ContainerState = {
    waiting: { reason: initializing || role === 'init' ? 'PodInitializing' : 'ContainerCreating' },
  };
  const fresh: ContainerStatus = {
    name: container.name,
    state: waiting,
    lastState: previous?.lastState ?? {},
    ready: false,
    restartCount: previous?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: '',
    started: false,
  };
  if (!previous?.state?.running) return fresh;
  const message = input.isTerminal
    ? 'The container could not be located when the pod was terminated'
    : 'The container could not be located when the pod was deleted.  The container used to be Running';
  const lost: ContainerState = { terminated: { ...unlocated, message } };
  if (input.isTerminal) return { ...previous, ready: false, started: false, state: lost };
  return { ...fresh, lastState: lost, restartCount: fresh.restartCount + 1 };
}

function withWaitingReason(
  container: Container,
  role: ContainerRole,
  status: ContainerStatus,
  { pod, runtime, waiting, isTerminal }: ContainerStatusInput,
): ContainerStatus {
  const why = waiting.get(container.name);
  if (!why || isTerminal) return status;
  const last = latestContainer(runtime, container.name);
  const initDone = role === 'init' && !isSidecar(container) && last?.state === 'exited' && last.exitCode === 0;
  if (initDone || !shouldStart(container, pod, runtime)) return status;
  const lastState = status.state?.terminated ? status.state : status.lastState;
  const state = { waiting: { reason: why.reason, ...(why.message && { message: why.message }) } };
  return { ...status, state, lastState };
}

function withReadiness(
  container: Container,
  role: ContainerRole,
  status: ContainerStatus,
  { readiness, runtime }: ContainerStatusInput,
): ContainerStatus {
  const id = latestContainer(runtime, container.name)?.id;
  const running = status.state?.running !== undefined && id !== undefined;
  if (role === 'ephemeral') return { ...status, started: running };
  if (role === 'init' && !isSidecar(container)) {
    return { ...status, started: running, ready: status.state?.terminated?.exitCode === 0 };
  }
  const started = running && readiness.isStarted(container, id);
  return { ...status, started, ready: started && readiness.isReady(container, id) };
}

/** The API state of a container of the runtime. */
export function stateOf(container: RuntimeContainer, runtimeName: string): ContainerState {
  if (container.state === 'running') return { running: { startedAt: formatTime(container.startedAtMs) } };
  if (container.state === 'created') return { waiting: { reason: 'ContainerCreating' } };
  const containerID = `${runtimeName}://${container.id}`;
  if (container.state === 'unknown') {
    const message = 'The container could not be located when the pod was terminated';
    return { terminated: { ...unlocated, message, containerID } };
  }
  return {
    terminated: {
      exitCode: container.exitCode,
      reason: container.reason || (container.exitCode === 0 ? 'Completed' : 'Error'),
      ...(container.message && { message: container.message }),
      startedAt: formatTime(container.startedAtMs),
      finishedAt: formatTime(container.finishedAtMs),
      containerID,
    },
  };
}
