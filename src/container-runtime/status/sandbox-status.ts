import {
  PodSandbox,
  PodSandboxStatus,
  type ListPodSandboxRequest,
  type PodSandboxFilter,
  type PodSandboxState,
} from '#cri';
import { nanoseconds, type Context } from '../context.ts';
import { namespaceOptions, sandboxConfig } from '../sandbox/sandbox-config.ts';
import type { SandboxRecord } from '../store/records.ts';
import { hasLabels } from './labels.ts';

function stateOf(record: SandboxRecord): PodSandboxState {
  return record.stopped ? 'SANDBOX_NOTREADY' : 'SANDBOX_READY';
}

/** A sandbox in short. */
export function sandboxItem(record: SandboxRecord): PodSandbox {
  const { metadata, labels, annotations } = sandboxConfig(record);
  return PodSandbox.of({
    id: record.id,
    ...(metadata && { metadata }),
    state: stateOf(record),
    createdAt: nanoseconds(record.createdAtMs),
    labels,
    annotations,
    runtimeHandler: record.runtimeHandler,
  });
}

/** A sandbox in full. */
export function sandboxStatus(record: SandboxRecord): PodSandboxStatus {
  const config = sandboxConfig(record);
  return PodSandboxStatus.of({
    ...sandboxItem(record),
    network: { ip: record.ip ?? '' },
    linux: { namespaces: { options: namespaceOptions(config) } },
  });
}

/** The sandboxes that pass a filter. */
export function listSandboxes(context: Context, { filter }: ListPodSandboxRequest): PodSandbox[] {
  return context.sandboxes
    .list()
    .filter((record) => passes(record, filter))
    .map(sandboxItem);
}

function passes(record: SandboxRecord, filter: PodSandboxFilter | undefined): boolean {
  if (!filter) return true;
  return (
    record.id.startsWith(filter.id) &&
    (!filter.state || filter.state.state === stateOf(record)) &&
    hasLabels(sandboxConfig(record).labels, filter.labelSelector)
  );
}
