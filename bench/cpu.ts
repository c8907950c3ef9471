import type { Figure } from './figure.ts';
import { cpuSeconds } from './processes.ts';

/** Seconds of processor time. */
export interface Cpu {
  server: number;
  client: number;
}

/** What a server's process (none of which is known when `pid` is undefined) and this one have taken until now. */
export async function cpuUntilNow(pid: number | undefined): Promise<Cpu> {
  const { user, system } = process.cpuUsage();
  return { client: (user + system) / 1e6, server: pid === undefined ? 0 : await cpuSeconds(pid) };
}

/** What was taken from one moment to the next. */
export function cpuBetween(before: Cpu, after: Cpu): Cpu {
  return { server: after.server - before.server, client: after.client - before.client };
}

/** What one of `count` pieces of work took of the processors, at the server and in the client. */
export function* costs(title: string, piece: string, cpu: Cpu, count: number): Generator<Figure> {
  for (const who of ['server', 'client'] as const) {
    if (cpu[who] === 0) continue;
    const samples = [(cpu[who] / count) * 1e6];
    yield { name: `${title}: ${who}'s CPU ${piece}`, unit: 'µs', better: 'less', samples };
  }
}
