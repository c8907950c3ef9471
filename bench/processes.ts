import { readFile } from 'node:fs/promises';

/** `getconf CLK_TCK`: 100 on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

/** Processor time that a process has taken, in user and in system mode. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
