import type { ContainerStatus, Pod, PodStatus } from '#api';
import { parseTime } from '#machinery';
import { allContainers } from '../pods/containers.ts';
import type { LogOptions } from '../logs/read-logs.ts';
import { HttpError } from './http-error.ts';

/**
 * The options of `/containerLogs` as its query tells them.
 * @throws HttpError 400 for what is no number or time
 */
export function logOptions(query: URLSearchParams, nowMs: number): LogOptions & { previous: boolean } {
  const since = sinceOf(query, nowMs);
  const tailLines = numberOf(query, 'tailLines');
  const limitBytes = numberOf(query, 'limitBytes');
  const stream = query.get('stream')?.toLowerCase();
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(since !== undefined && { sinceMs: since }),
    ...((stream === 'stdout' || stream === 'stderr') && { stream }),
  };
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '' || text === 'all') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new HttpError(400, `invalid ${name} ${JSON.stringify(text)}`);
  // A negative count of lines asks for all.
  return value < 0 ? undefined : value;
}

function sinceOf(query: URLSearchParams, nowMs: number): number | undefined {
  const seconds = numberOf(query, 'sinceSeconds');
  if (seconds !== undefined) return nowMs - seconds * 1000;
  const time = query.get('sinceTime');
  if (!time) return undefined;
  try {
    return parseTime(time);
  } catch {
    throw new HttpError(400, `invalid sinceTime ${JSON.stringify(time)}`);
  }
}

/**
 * The ID of the container whose log is meant, as a status has it: `RUNTIME://ID` (`kubelet_pods.go` validateContainerLogStatus upstream).
 * @throws HttpError 404 for a container that the pod has not, 400 for one that has no log (yet)
 */
export function logContainerId(pod: Pod, status: PodStatus, name: string, previous: boolean): string {
  const about = `container ${JSON.stringify(name)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (!allContainers(pod).some((container) => container.name === name)) {
    throw new HttpError(404, `container ${JSON.stringify(name)} not found in pod ${JSON.stringify(pod.metadata.name)}`);
  }
  const found = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ].find((one) => one.name === name);
  if (!found) throw new HttpError(400, `${about} is not available`);
  const id = previous ? idOf(found.lastState?.terminated) : currentId(found);
  if (id) return id;
  if (previous) throw new HttpError(400, `previous terminated ${about} not found`);
  throw new HttpError(400, `${about} ${whyWaiting(found)}`);
}

function currentId({ state, lastState, containerID }: ContainerStatus): string | undefined {
  if (state?.running) return containerID || undefined;
  return idOf(state?.terminated) ?? idOf(lastState?.terminated);
}

function idOf(terminated: { containerID?: string } | undefined): string | undefined {
  return terminated?.containerID || undefined;
}

function whyWaiting({ state }: ContainerStatus): string {
  const reason = state?.waiting?.reason;
  if (state?.terminated) return 'is terminated';
  if (reason === 'ErrImagePull') return "is waiting to start: image can't be pulled";
  if (reason === 'ImagePullBackOff') return 'is waiting to start: trying and failing to pull image';
  return `is waiting to start: ${reason ?? 'no reason known'}`;
}
