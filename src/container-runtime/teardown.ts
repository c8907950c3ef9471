import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom, type Clock, type Logger, type Random } from '#base';
import { processesOf, removeCgroup } from './cgroups/cgroups.ts';
import { makeContext } from './container-runtime.ts';
import type { ContainerRuntimeOptions, Context } from './context.ts';
import { unregisterRoot } from './images/hold.ts';
import { unmount } from './native/libc.ts';
import { mountPoints } from './native/mount-points.ts';
import { killAll, monitorOf } from './processes.ts';
import { releaseResources } from './sandbox/stop-pod-sandbox.ts';

export interface RemoveContainerRuntimeOptions extends Pick<
  ContainerRuntimeOptions,
  'root' | 'state' | 'images' | 'cgroupParent' | 'runtimeBinary' | 'bridge' | 'nftTable'
> {
  /** The node's network namespace when this process is not in it; its links and rules then end with it. */
  netns?: string;
  clock?: Clock;
  random?: Random;
  log?: Logger;
}

/**
 * Removes all that a runtime made on the machine: containers, sandboxes, mounts, cgroups, links, rules, files. Its
 * process must have ended. What the machine's images hold stays; what only this node's images held goes.
 */
export async function removeContainerRuntime(options: RemoveContainerRuntimeOptions): Promise<void> {
  const context = await makeContext({
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
    ...options,
    podCidr: () => undefined,
    streaming: { host: '127.0.0.1', port: 0 },
  });
  await Promise.all([context.sandboxes.load(), context.containers.load()]);
  await endProcesses(context);
  for (const id of await namesIn(join(options.state, 'runc'))) await context.runc.delete(id);
  for (const record of context.sandboxes.list())
    await releaseResources(
      context,
      options.netns === undefined ? record : { ...record, link: undefined, ip: undefined },
    );
  if (options.netns === undefined) await context.network.teardown();
  await unmountAll([options.state, options.root]);
  await removeCgroup(context.cgroups, options.cgroupParent);
  await unregisterRoot(options.images, context.paths.references);
  await Promise.all([options.root, options.state].map((folder) => rm(folder, { recursive: true, force: true })));
  await context.images.collect();
}

/** Monitors would write down exits where nobody reads them any more; they end with all that runs in the cgroup. */
async function endProcesses(context: Context): Promise<void> {
  const bundles = await namesIn(context.paths.bundles);
  const monitors = await Promise.all(bundles.map((id) => monitorOf(context.paths.bundle(id), id)));
  const processes = await processesOf(context.cgroups, context.options.cgroupParent);
  const all = [...monitors.filter((pid) => pid !== undefined), ...processes];
  await killAll(
    all.filter((pid) => pid !== process.pid),
    context.clock,
  );
}

/** Takes away every mount under the folders and at them (the state may live in memory), the last made first. */
async function unmountAll(folders: readonly string[]): Promise<void> {
  const mounts = await mountPoints();
  for (const mount of mounts.reverse())
    if (folders.some((folder) => `${mount}/`.startsWith(`${folder}/`))) unmount(mount);
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
