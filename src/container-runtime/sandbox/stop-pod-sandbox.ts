import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  RemovePodSandboxRequest,
  RemovePodSandboxResponse,
  StopPodSandboxRequest,
  StopPodSandboxResponse,
} from '#cri';
import type { Context } from '../context.ts';
import { removeContainer } from '../container/remove-container.ts';
import { stopContainer } from '../container/stop-container.ts';
import { kill, startTicks } from '../processes.ts';
import { unmount } from '../native/libc.ts';
import type { SandboxRecord } from '../store/records.ts';
import { sendSandboxEvent } from '../status/send-event.ts';
import { removeNamespaces } from './namespaces.ts';
import { findSandbox, sandboxConfig } from './sandbox-config.ts';

/** Stops a sandbox: its containers at once, then what they shared. */
export async function stopPodSandbox(
  context: Context,
  request: StopPodSandboxRequest,
): Promise<StopPodSandboxResponse> {
  const record = findSandbox(context, request.podSandboxId);
  if (!record) return {};
  const running = containersOf(context, record.id).filter(({ finishedAtMs }) => finishedAtMs === undefined);
  await Promise.all(running.map(({ id }) => stopContainer(context, { containerId: id, timeout: 0 })));
  const wasReady = await context.locks.run(`sandbox/${record.id}`, () => release(context, record.id));
  if (wasReady) {
    context.log.info({ sandbox: record.id }, 'sandbox stopped');
    sendSandboxEvent(context, record.id, 'CONTAINER_STOPPED_EVENT');
  }
  return {};
}

/** Removes a sandbox with all its containers, running or not. */
export async function removePodSandbox(
  context: Context,
  request: RemovePodSandboxRequest,
): Promise<RemovePodSandboxResponse> {
  const record = findSandbox(context, request.podSandboxId);
  if (!record) return {};
  await stopPodSandbox(context, request);
  await Promise.all(containersOf(context, record.id).map(({ id }) => removeContainer(context, { containerId: id })));
  await rm(context.paths.sandbox(record.id), { recursive: true, force: true });
  sendSandboxEvent(context, record.id, 'CONTAINER_DELETED_EVENT');
  await context.sandboxes.delete(record.id);
  return {};
}

function containersOf(context: Context, sandboxId: string): { id: string; finishedAtMs?: number }[] {
  return context.containers.list().filter((container) => container.sandboxId === sandboxId);
}

/** Gives back what the sandbox had; false when that was done before. */
async function release(context: Context, id: string): Promise<boolean> {
  const record = context.sandboxes.get(id);
  if (!record || record.stopped) return false;
  await releaseResources(context, record);
  await context.sandboxes.update(id, { stopped: true });
  return true;
}

/** Takes apart what was made of a sandbox, however much that is. */
export async function releaseResources(context: Context, record: SandboxRecord): Promise<void> {
  const folder = context.paths.sandbox(record.id);
  const { network } = context;
  await Promise.all([
    record.link && network.disconnect(record.link),
    record.ip && network.hostPorts.remove(record.ip, sandboxConfig(record).portMappings),
  ]);
  await endHolder(record);
  removeNamespaces(folder);
  unmount(join(folder, 'shm'));
  if (record.ip) network.release(record.ip);
}

async function endHolder(record: SandboxRecord): Promise<void> {
  const { holder } = record;
  if (!holder) return;
  if ((await startTicks(holder.pid)) === holder.startTicks) kill(holder.pid);
}

/** Forgets a sandbox that could not be made. */
export async function discardSandbox(context: Context, record: SandboxRecord): Promise<void> {
  try {
    await releaseResources(context, context.sandboxes.get(record.id) ?? record);
    await rm(context.paths.sandbox(record.id), { recursive: true, force: true });
    await context.sandboxes.delete(record.id);
  } catch (error) {
    context.log.error({ error, sandbox: record.id }, 'a sandbox that failed cannot be cleared away');
  }
}
