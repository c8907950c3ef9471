import { ContainerEventResponse, type ContainerEventType } from '#cri';
import { nanoseconds, type Context } from '../context.ts';
import { containerStatus } from './container-status.ts';
import { sandboxStatus } from './sandbox-status.ts';

/** Tells that something happened to a container, with the whole pod as it is since. */
export function sendContainerEvent(context: Context, containerId: string, type: ContainerEventType): void {
  const record = context.containers.get(containerId);
  if (record) send(context, containerId, record.sandboxId, type);
}

/** Tells that something happened to a sandbox. */
export function sendSandboxEvent(context: Context, sandboxId: string, type: ContainerEventType): void {
  send(context, sandboxId, sandboxId, type);
}

function send(context: Context, containerId: string, sandboxId: string, type: ContainerEventType): void {
  if (!context.events.wanted) return;
  const sandbox = context.sandboxes.get(sandboxId);
  const containers = context.containers.list().filter((record) => record.sandboxId === sandboxId);
  context.events.send(
    ContainerEventResponse.of({
      containerId,
      containerEventType: type,
      createdAt: nanoseconds(context.clock.now()),
      ...(sandbox && { podSandboxStatus: sandboxStatus(sandbox) }),
      containersStatuses: containers.map(containerStatus),
    }),
  );
}
