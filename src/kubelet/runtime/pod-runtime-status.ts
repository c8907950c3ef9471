import type { CgroupLimits } from './linux-resources.ts';

/** What the runtime knows of one pod, in the kubelet's own words; `read-pod-status.ts` makes it from CRI messages. */
export interface PodRuntimeStatus {
  readonly uid: string;
  /** Newest first. */
  readonly sandboxes: readonly RuntimeSandbox[];
  /** Newest first. */
  readonly containers: readonly RuntimeContainer[];
}

export interface RuntimeSandbox {
  readonly id: string;
  readonly attempt: number;
  readonly ready: boolean;
  readonly hostNetwork: boolean;
  readonly createdAtMs: number;
  readonly ips: readonly string[];
}

export type RuntimeState = 'created' | 'running' | 'exited' | 'unknown';

export interface RuntimeContainer {
  readonly id: string;
  readonly name: string;
  readonly sandboxId: string;
  readonly state: RuntimeState;
  readonly restartCount: number;
  /** The hash of the container's spec when it was created. */
  readonly hash: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly image: string;
  readonly imageRef: string;
  readonly logPath: string;
  /** The limits in force; undefined where the runtime does not tell. */
  readonly resources?: CgroupLimits;
  readonly user?: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
}

/** The status of a pod that the runtime knows nothing of. */
export function emptyPodStatus(uid: string): PodRuntimeStatus {
  return { uid, sandboxes: [], containers: [] };
}

/** The newest container of this name. */
export function latestContainer(status: PodRuntimeStatus, name: string): RuntimeContainer | undefined {
  return status.containers.find((container) => container.name === name);
}

export function containerById(status: PodRuntimeStatus, id: string): RuntimeContainer | undefined {
  return status.containers.find((container) => container.id === id);
}

/** The addresses of the pod: those of its newest ready sandbox. */
export function podIpsOf(status: PodRuntimeStatus): readonly string[] {
  return status.sandboxes.find((sandbox) => sandbox.ready)?.ips ?? [];
}

export function isAnyRunning(status: PodRuntimeStatus): boolean {
  return status.containers.some((container) => container.state === 'running' || container.state === 'unknown');
}
