import type { Cgroups } from '#base';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CpuUsage, MemoryUsage, ProcessUsage } from '#cri';

/** What the kernel counts for a cgroup, as CRI has it. */
export interface CgroupUsage {
  cpu: CpuUsage;
  memory: MemoryUsage;
  processes: ProcessUsage;
}

/** Reads the counters of a cgroup, v1 or v2; undefined when it is not there. */
export async function readCgroup(
  cgroups: Cgroups,
  cgroup: string,
  timestamp: number,
): Promise<CgroupUsage | undefined> {
  const counters = cgroups.version === 2 ? await readV2(cgroups, cgroup) : await readV1(cgroups, cgroup);
  if (!counters) return undefined;
  const { stat } = counters;
  const workingSet = Math.max(
    0,
    counters.memoryBytes - (stat.get('total_inactive_file') ?? stat.get('inactive_file') ?? 0),
  );
  const available = counters.memoryLimit === undefined ? undefined : Math.max(0, counters.memoryLimit - workingSet);
  return {
    cpu: CpuUsage.of({ timestamp, usageCoreNanoSeconds: { value: counters.cpuNanoseconds } }),
    memory: MemoryUsage.of({
      timestamp,
      workingSetBytes: { value: workingSet },
      usageBytes: { value: counters.memoryBytes },
      ...(available !== undefined && { availableBytes: { value: available } }),
      rssBytes: { value: stat.get('total_rss') ?? stat.get('anon') ?? 0 },
      pageFaults: { value: stat.get('total_pgfault') ?? stat.get('pgfault') ?? 0 },
      majorPageFaults: { value: stat.get('total_pgmajfault') ?? stat.get('pgmajfault') ?? 0 },
    }),
    processes: ProcessUsage.of({ timestamp, processCount: { value: counters.processes } }),
  };
}

interface Counters {
  cpuNanoseconds: number;
  memoryBytes: number;
  memoryLimit: number | undefined;
  stat: Map<string, number>;
  processes: number;
}

async function readV1(cgroups: Cgroups, cgroup: string): Promise<Counters | undefined> {
  const memory = (file: string): Promise<string> => readFile(join(cgroups.path('memory', cgroup), file), 'utf8');
  try {
    const [cpu, usage, limit, stat, pids] = await Promise.all([
      readFile(join(cgroups.path('cpuacct', cgroup), 'cpuacct.usage'), 'utf8'),
      memory('memory.usage_in_bytes'),
      memory('memory.limit_in_bytes'),
      memory('memory.stat'),
      readFile(join(cgroups.path('pids', cgroup), 'pids.current'), 'utf8').catch(() => '0'),
    ]);
    return {
      cpuNanoseconds: Number(cpu),
      memoryBytes: Number(usage),
      memoryLimit: limitOf(limit),
      stat: parseStat(stat),
      processes: Number(pids),
    };
  } catch {
    return undefined; // it ended meanwhile
  }
}

async function readV2(cgroups: Cgroups, cgroup: string): Promise<Counters | undefined> {
  const read = (file: string): Promise<string> => readFile(join(cgroups.path('', cgroup), file), 'utf8');
  try {
    const [cpu, usage, limit, stat, pids] = await Promise.all([
      read('cpu.stat'),
      read('memory.current'),
      read('memory.max').catch(() => 'max'),
      read('memory.stat'),
      read('pids.current').catch(() => '0'),
    ]);
    return {
      cpuNanoseconds: (parseStat(cpu).get('usage_usec') ?? 0) * 1000,
      memoryBytes: Number(usage),
      memoryLimit: limitOf(limit),
      stat: parseStat(stat),
      processes: Number(pids),
    };
  } catch {
    return undefined; // it ended meanwhile
  }
}

/** A limit that nobody set is a number beyond all memory (v1), or `max` (v2). */
function limitOf(text: string): number | undefined {
  const limit = Number(text);
  return Number.isFinite(limit) && limit < 2 ** 60 ? limit : undefined;
}

function parseStat(text: string): Map<string, number> {
  const lines = text.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [name = '', value = '0'] = line.split(' ');
      return [name, Number(value)];
    }),
  );
}
