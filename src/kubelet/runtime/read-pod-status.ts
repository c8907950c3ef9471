import { isCriError, type ContainerStatus, type PodSandboxStatus, type RuntimeService } from '#cri';
import type { PodRuntimeStatus, RuntimeContainer, RuntimeSandbox, RuntimeState } from './pod-runtime-status.ts';
import {
  containerNameLabel,
  hashAnnotation,
  podUidLabel,
  restartCountAnnotation,
  terminationPathAnnotation,
  terminationPolicyAnnotation,
} from './labels.ts';
import { terminationMessage } from './termination-message.ts';

type Runtime = Pick<RuntimeService, 'listPodSandbox' | 'podSandboxStatus' | 'listContainers' | 'containerStatus'>;

/** Asks the runtime for all it knows of a pod. What vanishes while we ask is left out. */
export async function readPodStatus(runtime: Runtime, uid: string, signal?: AbortSignal): Promise<PodRuntimeStatus> {
  const labelSelector = { [podUidLabel]: uid };
  const filter = { id: '', podSandboxId: '', labelSelector };
  const [{ items }, { containers }] = await Promise.all([
    runtime.listPodSandbox({ filter: { id: '', labelSelector } }, signal),
    runtime.listContainers({ filter }, signal),
  ]);
  const sandboxes = await Promise.all(
    items.map(({ id }) =>
      unlessGone(runtime.podSandboxStatus({ podSandboxId: id, verbose: false }, signal).then(({ status }) => status)),
    ),
  );
  const statuses = await Promise.all(
    containers.map(({ id, podSandboxId }) =>
      unlessGone(
        runtime
          .containerStatus({ containerId: id, verbose: false }, signal)
          .then(({ status }) => status && toContainer(status, podSandboxId)),
      ),
    ),
  );
  return {
    uid,
    sandboxes: sandboxes.flatMap((status) => (status ? [toSandbox(status)] : [])).sort(newestFirst),
    containers: statuses.flatMap((status) => status ?? []).sort(newestFirst),
  };
}

/** What the runtime says, or nothing when it has forgotten what was asked about. */
export async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isCriError(error, 'NotFound')) return undefined;
    throw error;
  }
}

function newestFirst(a: { createdAtMs: number }, b: { createdAtMs: number }): number {
  return b.createdAtMs - a.createdAtMs;
}

function toSandbox(status: PodSandboxStatus): RuntimeSandbox {
  const { network } = status;
  const ips = network ? [network.ip, ...network.additionalIps.map(({ ip }) => ip)] : [];
  return {
    id: status.id,
    attempt: status.metadata?.attempt ?? 0,
    ready: status.state === 'SANDBOX_READY',
    hostNetwork: status.linux?.namespaces?.options?.network === 'NODE',
    createdAtMs: toMs(status.createdAt),
    ips: ips.filter((ip) => ip !== ''),
  };
}

const states: Record<ContainerStatus['state'], RuntimeState> = {
  CONTAINER_CREATED: 'created',
  CONTAINER_RUNNING: 'running',
  CONTAINER_EXITED: 'exited',
  CONTAINER_UNKNOWN: 'unknown',
};

async function toContainer(status: ContainerStatus, sandboxId: string): Promise<RuntimeContainer> {
  const { annotations } = status;
  const ended = status.state === 'CONTAINER_EXITED';
  const path = annotations[terminationPathAnnotation] ?? '';
  const said = ended
    ? await terminationMessage({
        hostPath: status.mounts.find((mount) => mount.containerPath === path)?.hostPath,
        fallbackToLogs: annotations[terminationPolicyAnnotation] === 'FallbackToLogsOnError' && status.exitCode !== 0,
        logPath: status.logPath,
      })
    : '';
  return {
    id: status.id,
    name: status.labels[containerNameLabel] ?? status.metadata?.name ?? '',
    sandboxId,
    state: states[status.state],
    restartCount: Number(annotations[restartCountAnnotation] ?? status.metadata?.attempt ?? 0),
    hash: annotations[hashAnnotation] ?? '',
    createdAtMs: toMs(status.createdAt),
    startedAtMs: toMs(status.startedAt),
    finishedAtMs: toMs(status.finishedAt),
    exitCode: status.exitCode,
    reason: status.reason,
    message: said || status.message,
    image: status.image?.userSpecifiedImage || status.image?.image || '',
    imageRef: status.imageRef || status.imageId,
    logPath: status.logPath,
    ...linuxOf(status),
  };
}

function linuxOf({ resources, user }: ContainerStatus): Pick<RuntimeContainer, 'resources' | 'user'> {
  return { ...(resources?.linux && { resources: resources.linux }), ...(user?.linux && { user: user.linux }) };
}

/** Milliseconds with what is left of the nanoseconds as fraction, so that the newest of two is still found. */
function toMs(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
