import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { handleExit } from './container/handle-exit.ts';
import { rootfsOf } from './container/create-container.ts';
import type { Context } from './context.ts';
import { monitorOf, startTicks } from './processes.ts';
import { unmount } from './native/libc.ts';
import { mountPoints } from './native/mount-points.ts';
import { endPidNamespace, namespacePath, pinnedPaths, removeNamespaces } from './sandbox/namespaces.ts';
import { namespaceOptions, sandboxConfig } from './sandbox/sandbox-config.ts';
import { discardSandbox, releaseResources } from './sandbox/stop-pod-sandbox.ts';
import { stateOf } from './status/container-status.ts';
import type { ContainerRecord, SandboxRecord } from './store/records.ts';

/** What containerd says of a container of which nobody knows how it ended. */
const unknownExitCode = 255;
const unknownReason = 'Unknown';

/**
 * Takes over what an earlier process of this node left: what still runs goes on, what ended meanwhile is noted as such,
 * what was half made is cleared away. Exits that were written down are told by the exit watcher, which starts before.
 */
export async function adopt(context: Context): Promise<void> {
  await adoptSandboxes(context);
  for (const record of context.containers.list()) await adoptContainer(context, record);
  await clearStrangers(context);
  const running = context.containers.list().filter((record) => stateOf(record) === 'CONTAINER_RUNNING');
  const sandboxes = context.sandboxes.list().filter(({ stopped }) => !stopped);
  if (context.sandboxes.list().length > 0)
    context.log.info({ sandboxes: sandboxes.length, containers: running.length }, 'running containers adopted');
}

async function adoptSandboxes(context: Context): Promise<void> {
  const pins = await pinnedPaths();
  const records = context.sandboxes.list().sort((a, b) => a.createdAtMs - b.createdAtMs);
  for (const record of records) {
    if (record.stopped) {
      const isHalfMade = pins.has(namespacePath(context.paths.sandbox(record.id), 'net'));
      if (isHalfMade) await discardSandbox(context, record);
    } else if (await isAlive(context, record, pins)) {
      if (record.ip) context.network.adopt(record.ip);
    } else {
      await releaseResources(context, record);
      await context.sandboxes.update(record.id, { stopped: true });
    }
  }
}

/** A sandbox lives while its namespaces are pinned and the holder of its shared PID namespace runs. */
async function isAlive(context: Context, record: SandboxRecord, pins: ReadonlySet<string>): Promise<boolean> {
  const folder = context.paths.sandbox(record.id);
  const { holder } = record;
  if (holder && (await startTicks(holder.pid)) !== holder.startTicks) return false;
  const needsIpc = namespaceOptions(sandboxConfig(record)).ipc !== 'NODE';
  return (
    (!record.ip || pins.has(namespacePath(folder, 'net'))) && (!needsIpc || pins.has(namespacePath(folder, 'ipc')))
  );
}

async function adoptContainer(context: Context, record: ContainerRecord): Promise<void> {
  if (record.finishedAtMs !== undefined) return;
  const exit = await context.exits.read(record.id);
  if (exit) return handleExit(context, exit);
  const state = await context.runc.state(record.id);
  const hasMonitor = (await monitorOf(context.paths.bundle(record.id), record.id)) !== undefined;
  if (record.startedAtMs === undefined) {
    // created, or cut off while it was started: only what nothing was begun with can still be started
    if (!state && (await isPrepared(context, record.id))) return;
    if (state?.status === 'running' && hasMonitor)
      return context.containers.update(record.id, { startedAtMs: context.clock.now(), pid: state.pid });
  } else if (state?.status === 'running' && hasMonitor) return;
  context.log.warn({ container: record.id, state: state?.status, hasMonitor }, 'a container was lost');
  await context.runc.delete(record.id);
  const now = context.clock.now();
  await context.containers.update(record.id, {
    startedAtMs: record.startedAtMs ?? now,
    finishedAtMs: now,
    exitCode: unknownExitCode,
    reason: unknownReason,
  });
}

async function isPrepared(context: Context, id: string): Promise<boolean> {
  return (await mountPoints('overlay')).includes(rootfsOf(context, id));
}

/** Clears away what has no record: it was begun by a process that died before it could write one. */
async function clearStrangers(context: Context): Promise<void> {
  for (const id of await namesIn(context.paths.bundles)) {
    if (context.containers.get(id)) continue;
    await context.runc.delete(id);
    await context.snapshots.remove(id, rootfsOf(context, id));
    await rm(context.paths.bundle(id), { recursive: true, force: true });
    await context.exits.forget(id);
  }
  for (const id of await namesIn(context.paths.snapshots))
    if (!context.containers.get(id)) await context.snapshots.remove(id, rootfsOf(context, id));
  for (const id of await namesIn(context.paths.sandboxes)) {
    if (context.sandboxes.get(id)) continue;
    const folder = context.paths.sandbox(id);
    await endPidNamespace(folder);
    removeNamespaces(folder);
    unmount(join(folder, 'shm'));
    await rm(folder, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
