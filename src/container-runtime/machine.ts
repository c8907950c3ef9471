import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readTextIfExists } from '#base';
import { capabilitiesOfMask } from './oci/capabilities.ts';

/** What this process may do on this machine. */
export interface Machine {
  readonly capabilities: ReadonlySet<string>;
  readonly oomScoreAdj: number;
  readonly hostname: string;
  readonly appArmor: boolean;
}

/** Reads it from /proc. */
export async function readMachine(): Promise<Machine> {
  const status = await readFile('/proc/self/status', 'utf8');
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return {
    capabilities: capabilitiesOfMask(mask),
    oomScoreAdj: Number(await readFile('/proc/self/oom_score_adj', 'utf8')),
    hostname: hostname(),
    appArmor: (await readTextIfExists('/sys/module/apparmor/parameters/enabled'))?.startsWith('Y') ?? false,
  };
}

/** The nearest score that may be set: only who has CAP_SYS_RESOURCE makes a process safer than itself. */
export function allowedOomScore(machine: Machine, wanted: number): number {
  const lowest = machine.capabilities.has('CAP_SYS_RESOURCE') ? -1000 : machine.oomScoreAdj;
  return Math.min(Math.max(wanted, lowest), 1000);
}
