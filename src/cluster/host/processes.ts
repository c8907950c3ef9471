import { spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { hasCode, readTextIfExists, writeFileAtomic, type Clock } from '#base';

/** A process of ours, told from another that got its number later by the time it was started. */
export interface ProcessRecord {
  pid: number;
  /** Clock ticks after boot, field 22 of `/proc/PID/stat`. */
  startTicks: string;
  /** How many bytes its log file had before it wrote there. */
  logStart: number;
}

/** When a process was started, or undefined when there is none or it is a zombie. */
async function startTicks(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** The recorded process if it still runs. */
export async function runningProcess(recordFile: string): Promise<ProcessRecord | undefined> {
  const text = await readTextIfExists(recordFile);
  if (!text) return undefined;
  const record = JSON.parse(text) as ProcessRecord; // written by startProcess alone
  return (await startTicks(record.pid)) === record.startTicks ? record : undefined;
}

export interface StartOptions {
  command: readonly [string, ...string[]];
  recordFile: string;
  logFile: string;
  env: Record<string, string>;
}

/** Starts a process that outlives this one, with its output appended to a file, and records it. */
export async function startProcess(options: StartOptions): Promise<ProcessRecord> {
  const [file, ...args] = options.command;
  await mkdir(dirname(options.logFile), { recursive: true });
  const log = await open(options.logFile, 'a', 0o640);
  try {
    const { size: logStart } = await log.stat();
    const child = spawn(file, args, { cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd], env: options.env });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid ?? 0;
    const record = { pid, startTicks: (await startTicks(pid)) ?? '', logStart };
    await writeFileAtomic(options.recordFile, JSON.stringify(record));
    return record;
  } finally {
    await log.close();
  }
}

/** Ends a recorded process: SIGTERM, and SIGKILL when it is still there after `graceMs`. Removes its record. */
export async function stopProcess(recordFile: string, clock: Clock, graceMs: number): Promise<void> {
  const record = await runningProcess(recordFile);
  if (record) {
    signalProcess(record.pid, 'SIGTERM');
    if (!(await waitGone(recordFile, clock, graceMs))) {
      signalProcess(record.pid, 'SIGKILL');
      await waitGone(recordFile, clock, 5000);
    }
  }
  await rm(recordFile, { force: true });
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

async function waitGone(recordFile: string, clock: Clock, withinMs: number): Promise<boolean> {
  const end = clock.elapsed() + withinMs;
  while (await runningProcess(recordFile)) {
    if (clock.elapsed() >= end) return false;
    await clock.sleep(20);
  }
  return true;
}

/** What a recorded process wrote to its log, whether it still runs or not. */
export async function logFrom(recordFile: string, logFile: string): Promise<string> {
  const [record, log] = [await readTextIfExists(recordFile), await readTextIfExists(logFile)];
  const { logStart } = JSON.parse(record ?? '{"logStart":0}') as ProcessRecord; // written by startProcess alone
  return Buffer.from(log ?? '')
    .subarray(logStart)
    .toString();
}
