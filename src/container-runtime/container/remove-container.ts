import { rm } from 'node:fs/promises';
import type { RemoveContainerRequest, RemoveContainerResponse } from '#cri';
import type { Context } from '../context.ts';
import { sendContainerEvent } from '../status/send-event.ts';
import { forgetConfig } from './container-config.ts';
import { rootfsOf } from './create-container.ts';
import { rateOf } from '../stats/container-stats.ts';
import { stopContainer } from './stop-container.ts';

/** Removes a container with what it wrote; its log is the kubelet's and stays. */
export async function removeContainer(
  context: Context,
  request: RemoveContainerRequest,
): Promise<RemoveContainerResponse> {
  const record = context.containers.find(request.containerId);
  if (!record) return {};
  await stopContainer(context, { containerId: record.id, timeout: 0 });
  await context.locks.run(`container/${record.id}`, () => remove(context, record.id));
  return {};
}

async function remove(context: Context, id: string): Promise<void> {
  if (!context.containers.get(id)) return;
  await context.runc.delete(id);
  await context.snapshots.remove(id, rootfsOf(context, id));
  await rm(context.paths.bundle(id), { recursive: true, force: true });
  await context.exits.forget(id);
  sendContainerEvent(context, id, 'CONTAINER_DELETED_EVENT');
  await context.containers.delete(id);
  forgetConfig(id);
  rateOf(context).forget(id);
}
