import {
  Container,
  ContainerStatus,
  type ContainerFilter,
  type ContainerState,
  type ListContainersRequest,
  type Signal,
} from '#cri';
import { nanoseconds, type Context } from '../context.ts';
import { containerConfig } from '../container/container-config.ts';
import type { ContainerRecord } from '../store/records.ts';
import { hasLabels } from './labels.ts';

/** The state of a container follows from its times. */
export function stateOf(record: ContainerRecord): ContainerState {
  if (record.finishedAtMs !== undefined) return 'CONTAINER_EXITED';
  return record.startedAtMs === undefined ? 'CONTAINER_CREATED' : 'CONTAINER_RUNNING';
}

/** A container in short. */
export function containerItem(record: ContainerRecord): Container {
  const { metadata, image, labels, annotations } = containerConfig(record);
  return Container.of({
    id: record.id,
    podSandboxId: record.sandboxId,
    ...(metadata && { metadata }),
    ...(image && { image }),
    imageRef: record.imageRef,
    imageId: record.imageId,
    state: stateOf(record),
    createdAt: nanoseconds(record.createdAtMs),
    labels,
    annotations,
  });
}

/** A container in full. */
export function containerStatus(record: ContainerRecord): ContainerStatus {
  const { metadata, image, labels, annotations, mounts } = containerConfig(record);
  const { uid, gid, additionalGids } = record.user;
  return ContainerStatus.of({
    id: record.id,
    ...(metadata && { metadata }),
    state: stateOf(record),
    createdAt: nanoseconds(record.createdAtMs),
    startedAt: nanoseconds(record.startedAtMs),
    finishedAt: nanoseconds(record.finishedAtMs),
    exitCode: record.exitCode ?? 0,
    // the name in the pod, which is what people look for; the kubelet itself asks by ID
    image: { ...image, image: image?.userSpecifiedImage || (image?.image ?? '') },
    imageRef: record.imageRef,
    imageId: record.imageId,
    reason: record.reason ?? '',
    message: record.message ?? '',
    labels,
    annotations,
    mounts,
    logPath: record.logPath,
    resources: { linux: record.resources },
    user: { linux: { uid, gid, supplementalGroups: additionalGids } },
    stopSignal: record.stopSignal as Signal, // one of the names: create-container makes sure
  });
}

/** The containers that pass a filter. */
export function listContainers(context: Context, { filter }: ListContainersRequest): Container[] {
  return context.containers
    .list()
    .filter((record) => passes(record, filter))
    .map(containerItem);
}

function passes(record: ContainerRecord, filter: ContainerFilter | undefined): boolean {
  if (!filter) return true;
  return (
    record.id.startsWith(filter.id) &&
    record.sandboxId.startsWith(filter.podSandboxId) &&
    (!filter.state || filter.state.state === stateOf(record)) &&
    hasLabels(containerConfig(record).labels, filter.labelSelector)
  );
}
