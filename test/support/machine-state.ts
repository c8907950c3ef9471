import { readdir, readFile, readlink } from 'node:fs/promises';
import { execute } from '#base';

/** What a cluster could leave behind on a machine. */
export interface MachineState {
  mounts: string[];
  namespaces: string[];
  links: string[];
  cgroups: string[];
  rules: string[];
  routes: string[];
  processes: string[];
}

/** Looks at the machine. Processes are those of this machine whose command line or root mentions Kedge. */
export async function machineState(): Promise<MachineState> {
  return {
    mounts: (await readFile('/proc/self/mountinfo', 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .sort(),
    namespaces: (await execute(['ip', 'netns', 'list'])).trim().split('\n').sort(),
    links: (await execute(['ip', '-o', 'link', 'show']))
      .trim()
      .split('\n')
      .map((line) => line.split(': ')[1] ?? '')
      .sort(),
    cgroups: await cgroupsOfKedge(),
    rules: (await execute(['nft', 'list', 'tables'])).trim().split('\n').sort(),
    routes: (await execute(['ip', 'route', 'show', 'table', 'all'])).trim().split('\n').sort(),
    processes: await processesOfKedge(),
  };
}

async function cgroupsOfKedge(): Promise<string[]> {
  const found = await execute(['find', '/sys/fs/cgroup', '-maxdepth', '4', '-type', 'd', '-path', '*kedge*']);
  return found.trim().split('\n').filter(Boolean).sort();
}

async function processesOfKedge(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map(describe));
  return commands.filter((command) => /conmon|kedge\.mjs|cli\/main\.ts/.test(command)).sort();
}

async function describe(pid: string): Promise<string> {
  try {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    return `${pid} ${command} (${await readlink(`/proc/${pid}/cwd`)})`;
  } catch {
    return ''; // it ended meanwhile
  }
}
