import { readdir, readFile } from 'node:fs/promises';
import { hasCode } from '#base';

/** `getconf CLK_TCK`: 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

/** What a process of a cluster has taken until now. */
export interface ProcessUse {
  pid: number;
  /** `server` or `agent` for ours, else the name of the program. */
  part: string;
  /** What it has to itself, plus its share of what several processes map. */
  pssBytes: number;
  rssBytes: number;
  cpuSeconds: number;
  /** Sent to a disk; a write that is still only in memory does not count. */
  writtenBytes: number;
}

/** The processes that run with this `KEDGE_HOME`: a cluster's own, and what they started with it. Needs root for others'. */
export async function processesOf(home: string): Promise<ProcessUse[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const uses = await Promise.all(pids.map((pid) => useOf(pid, home)));
  return uses.filter((use) => use !== undefined);
}

async function useOf(pid: number, home: string): Promise<ProcessUse | undefined> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    if (!environment.split('\0').includes(`KEDGE_HOME=${home}`)) return undefined;
    const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const io = await readFile(`/proc/${pid}/io`, 'utf8');
    return {
      pid,
      part: partOf(await readFile(`/proc/${pid}/cmdline`, 'utf8')),
      pssBytes: numberAfter('Pss:', memory) * 1024,
      rssBytes: numberAfter('Rss:', memory) * 1024,
      cpuSeconds: await cpuSeconds(pid),
      writtenBytes: numberAfter('write_bytes:', io) - numberAfter('cancelled_write_bytes:', io),
    };
  } catch (error) {
    // Another's process, or one that ended meanwhile.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

/** Processor time that a process has taken, in user and in system mode. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Memory of a process, with its share of what several map. */
export async function pssBytes(pid: number): Promise<number> {
  return numberAfter('Pss:', await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) * 1024;
}

function partOf(commandLine: string): string {
  const words = commandLine.split('\0');
  return words.find((word) => word === 'server' || word === 'agent') ?? words[0] ?? '';
}

function numberAfter(name: string, text: string): number {
  return Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}
