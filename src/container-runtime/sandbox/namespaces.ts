import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execute } from '#base';
import { kill, startTicks } from '../processes.ts';
import { mountPoints } from '../native/mount-points.ts';
import { mount, mountFlags, unmount } from '../native/libc.ts';

/** The namespaces that the containers of a sandbox share, each pinned by a bind mount on a file. */
export type NamespaceName = 'net' | 'uts' | 'ipc';

export interface NamespaceSetup {
  /** Which namespaces are new; the others are the node's. */
  names: readonly NamespaceName[];
  /** Files under /proc/sys with what is written into them, from inside. */
  sysctls: readonly (readonly [string, string])[];
  /** Commands of `ip -batch`, run inside. */
  commands: readonly string[];
}

/** The file that pins a namespace of a sandbox. */
export function namespacePath(folder: string, name: NamespaceName | 'pid'): string {
  return join(folder, name);
}

const script = 'set -e; while [ $# -gt 1 ]; do printf %s "$2" > "$1"; shift 2; done; exec ip -batch -';

/**
 * Makes the namespaces of a sandbox and sets them up from inside, in one process. They live as long as their pins: a pod
 * needs no process of its own ("pause") to hold them.
 */
export async function makeNamespaces(folder: string, setup: NamespaceSetup): Promise<void> {
  if (setup.names.length === 0) return;
  await Promise.all(setup.names.map((name) => writeFile(namespacePath(folder, name), '')));
  const flags = setup.names.map((name) => `--${name}=${namespacePath(folder, name)}`);
  const files = setup.sysctls.flat();
  await execute(['unshare', ...flags, 'sh', '-c', script, 'sh', ...files], { input: `${setup.commands.join('\n')}\n` });
}

/** Lets go of the namespaces; each ends with the last process in it. */
export function removeNamespaces(folder: string): void {
  for (const name of ['net', 'uts', 'ipc', 'pid'] as const) unmount(namespacePath(folder, name));
}

/** Ends what runs in the PID namespace of a sandbox of which nothing else is known any more, its holder first of all. */
export async function endPidNamespace(folder: string): Promise<void> {
  const pinned = await identityOf(namespacePath(folder, 'pid'));
  if (pinned === undefined) return;
  for (const name of await readdir('/proc'))
    if (/^\d+$/.test(name) && (await identityOf(`/proc/${name}/ns/pid`)) === pinned) kill(Number(name));
}

/** What tells a file, or a namespace, from all others; nothing where there is none. */
function identityOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
}

/** Which files of the machine pin a namespace; after a reboot none does. */
export async function pinnedPaths(): Promise<Set<string>> {
  return new Set(await mountPoints('nsfs'));
}

/** The first process of a PID namespace must collect the orphans of all others; a shell that waits does. */
const holderScript = 'trap "exit 0" TERM; echo ready; exec >/dev/null; while :; do sleep 2147483647 & wait $!; done';

/**
 * Holds a PID namespace that containers share: it needs a first process that outlives each of them. The holder leaves
 * this process's session and lives on when this process dies; killed, it takes the namespace and all in it along.
 */
export async function startHolder(folder: string): Promise<{ pid: number; startTicks: string }> {
  const pin = namespacePath(folder, 'pid');
  await writeFile(pin, '');
  const child = spawn('unshare', ['--pid', '--fork', '--kill-child', 'sh', '-c', holderScript], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  await once(child.stdout, 'readable');
  child.stdout.destroy();
  child.unref();
  const pid = child.pid ?? 0;
  mount(`/proc/${pid}/ns/pid_for_children`, pin, '', mountFlags.bind);
  return { pid, startTicks: (await startTicks(pid)) ?? '' };
}
