import type { Container, Pod } from '#api';
import { LinuxContainerResources } from '#cri';
import { cgroupLimits, quotaPeriod } from '../runtime/linux-resources.ts';
import { latestContainer, type PodRuntimeStatus, type RuntimeContainer } from '../runtime/pod-runtime-status.ts';
import { initContainers, isSidecar } from './containers.ts';

/** A running container whose limits are not those that its pod has. */
export interface ContainerToResize {
  readonly id: string;
  readonly container: Container;
  /** What is to change; what is left out stays. */
  readonly resources: LinuxContainerResources;
  /** The container wants to be started anew for this change. */
  readonly mustRestart: boolean;
}

/** The running containers that are to have other resources than they have (`computePodResizeAction` upstream). */
export function resizesOf(pod: Pod, status: PodRuntimeStatus): ContainerToResize[] {
  return [...initContainers(pod).filter(isSidecar), ...pod.spec.containers].flatMap((container) => {
    const running = latestContainer(status, container.name);
    return running?.state === 'running' ? (resizeOf(container, running) ?? []) : [];
  });
}

function resizeOf(container: Container, { id, resources: had }: RuntimeContainer): ContainerToResize | undefined {
  if (!had) return undefined;
  const wanted = cgroupLimits(container);
  const changesCpu = wanted.cpuShares !== had.cpuShares || wanted.cpuQuota !== had.cpuQuota;
  const changesMemory = wanted.memoryLimitInBytes !== had.memoryLimitInBytes;
  if (!changesCpu && !changesMemory) return undefined;
  const { cpuShares, cpuQuota, memoryLimitInBytes } = wanted;
  const resources = LinuxContainerResources.of({
    ...(changesCpu && { cpuShares, cpuQuota, cpuPeriod: quotaPeriod }),
    ...(changesMemory && { memoryLimitInBytes }),
  });
  const mustRestart =
    (changesCpu && restartsFor(container, 'cpu')) || (changesMemory && restartsFor(container, 'memory'));
  return { id, container, resources, mustRestart };
}

function restartsFor({ resizePolicy = [] }: Container, resource: string): boolean {
  return resizePolicy.some(
    ({ resourceName, restartPolicy }) => resourceName === resource && restartPolicy === 'RestartContainer',
  );
}
