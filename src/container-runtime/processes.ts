import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, readTextIfExists, type Clock } from '#base';

/** When a process was started, in clock ticks after boot; undefined when there is none. Tells it from a later one of its number. */
export async function startTicks(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** The monitor of a container while it lives. */
export async function monitorOf(bundle: string, id: string): Promise<number | undefined> {
  const pid = Number(await readTextIfExists(join(bundle, 'conmon.pid')));
  if (!pid) return undefined;
  const command = await readTextIfExists(`/proc/${pid}/cmdline`);
  return command?.includes(id) ? pid : undefined;
}

/** Kills processes and waits until they are gone. */
export async function killAll(pids: readonly number[], clock: Clock): Promise<void> {
  const started = await Promise.all(pids.map((pid) => startTicks(pid)));
  for (const pid of pids) kill(pid);
  for (const [index, pid] of pids.entries())
    while (started[index] !== undefined && (await startTicks(pid)) === started[index]) await clock.sleep(5);
}

/** Sends a signal; false when there is no such process. */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}
