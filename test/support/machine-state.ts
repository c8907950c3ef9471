import { readdir, readFile } from 'node:fs/promises';
import { execute } from '#base';

/**
 * What a cluster could leave on a machine, a line each: mounts, network namespaces, links, routes, firewall tables, cgroups,
 * sockets, processes, and files outside its home.
 */
export async function machineState(): Promise<ReadonlySet<string>> {
  const state = {
    mount: await linesOf('cat', '/proc/self/mountinfo').then((lines) => lines.map((line) => line.split(' ')[4])),
    namespace: await linesOf('ip', 'netns', 'list').then((lines) => lines.map((line) => line.split(' ')[0])),
    link: (await linesOf('ip', '-o', 'link', 'show')).map(nameAndMaster),
    route: await linesOf('ip', '-4', 'route', 'show', 'table', 'all'), // those of IPv6 come with the links
    table: await linesOf('nft', 'list', 'tables'),
    cgroup: await linesOf('find', '/sys/fs/cgroup', '-mindepth', '2', '-type', 'd', '-links', '2'),
    socket: await linesOf('cut', '-d', ' ', '-f', '8-', '/proc/net/unix'),
    process: await processes(),
    file: await linesOf('find', '/run', '/dev/shm', '/var/lib', '-maxdepth', '2'),
  };
  return new Set(Object.entries(state).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`)));
}

/**
 * What is there now and was not before. What carries the mark of others is left out, since they may be at work on the same
 * machine: the bridge of another cluster, a temporary folder, a process without any of the names that are ours.
 */
export function appeared(before: ReadonlySet<string>, now: ReadonlySet<string>, ours: readonly string[]): string[] {
  const isOurs = (line: string): boolean => ours.some((name) => line.includes(name));
  const isForeign = (line: string): boolean =>
    /^process |\/tmp\/|\bkedge-[0-9a-f]{8}\b|\bkedge-\w+-\d+-|\bkp\d+-/.test(line);
  return [...now].filter((line) => !before.has(line) && (isOurs(line) || !isForeign(line)));
}

async function linesOf(...command: [string, ...string[]]): Promise<string[]> {
  return (await execute(command)).split('\n').filter((line) => line.trim() !== '');
}

/** `5: kv1234@if2: <...> mtu 1500 master kedge-abc state UP` becomes `kv1234 kedge-abc`. */
function nameAndMaster(line: string): string {
  const [, name = ''] = /^\d+: ([^:@]+)/.exec(line) ?? [];
  const [, master = ''] = / master (\S+)/.exec(line) ?? [];
  return `${name} ${master}`.trim();
}

async function processes(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map(describe))).filter((text) => text !== '');
}

/** A process by its command and its cgroups, which tell those of containers. */
async function describe(pid: string): Promise<string> {
  try {
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    const cgroups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
    return `${pid} ${command} ${cgroups.replaceAll('\n', ' ')}`;
  } catch {
    return ''; // it ended meanwhile
  }
}
