import { oomKills } from '../cgroups/cgroups.ts';
import type { Exit } from '../conmon/exit-watcher.ts';
import type { Context } from '../context.ts';
import { sendContainerEvent } from '../status/send-event.ts';
import { containerConfig } from './container-config.ts';

/** Takes note that a container ended: why, with what code; frees its cgroup and tells everyone who waits. */
export async function handleExit(context: Context, exit: Exit): Promise<void> {
  const { id, code } = exit;
  const isNew = await context.locks.run(`container/${id}`, async () => {
    const record = context.containers.get(id);
    if (!record || record.finishedAtMs !== undefined) return false;
    const killedForMemory = code !== 0 && (await oomKills(context.cgroups, record.cgroupsPath)) > 0;
    const reason = code === 0 ? 'Completed' : killedForMemory ? 'OOMKilled' : 'Error';
    const startedAtMs = record.startedAtMs ?? exit.atMs;
    const finishedAtMs = Math.max(exit.atMs, startedAtMs); // times of files are a few milliseconds coarse
    await context.containers.update(id, { startedAtMs, finishedAtMs, exitCode: code, reason });
    context.log.info({ container: id, name: containerConfig(record).metadata?.name, code, reason }, 'container exited');
    return true;
  });
  tellEnd(context, id);
  if (!isNew) return;
  sendContainerEvent(context, id, 'CONTAINER_STOPPED_EVENT');
  await context.runc.delete(id);
}

/** Resolves when the container has ended. */
export function waitForEnd(context: Context, id: string): Promise<void> {
  const record = context.containers.get(id);
  if (!record || record.finishedAtMs !== undefined) return Promise.resolve();
  let ending = context.endings.get(id);
  if (!ending) {
    ending = Promise.withResolvers<void>();
    context.endings.set(id, ending);
  }
  return ending.promise;
}

/** Wakes who waits for the end of a container. */
export function tellEnd(context: Context, id: string): void {
  context.endings.get(id)?.resolve();
  context.endings.delete(id);
}
