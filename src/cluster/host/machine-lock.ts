import { lockHolder, tryLock, waitForLock, type FileLock } from '#base';
import type { Machine, Report } from '../machine.ts';

/** What every Linux has. A lock on a folder leaves no file behind. */
const folder = '/run';

/**
 * Runs a command that changes what is on the machine, one at a time: two clusters would choose the same port and the
 * same network, whichever home they have, and a cluster can be brought up or down once.
 */
export async function withMachineLock<T>(machine: Machine, report: Report, work: () => Promise<T>): Promise<T> {
  await using _lock = (await tryLock(folder)) ?? (await takeTurn(machine, report));
  return await work();
}

async function takeTurn(machine: Machine, report: Report): Promise<FileLock> {
  report.note(`another kedge command is at work (process ${(await lockHolder(folder)) ?? 'unknown'}): waiting for it`);
  return waitForLock(folder, machine.clock);
}
