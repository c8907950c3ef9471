import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { bundled, kedgeProgram } from '../home.ts';
import { quotaBytes } from './embedded-client.ts';

/** A server of etcd's protocol that can be started on this machine. */
export interface Program {
  /** What its figures are called by. */
  name: string;
  /** What to run so that it keeps its data in a folder and answers at a port of the loopback interface. */
  command(facts: { directory: string; port: number; peerPort: number }): string[];
}

/** `kedge etcd`, from the bundle; with a folder, it leaves a CPU profile there. */
export async function kedgeEtcd(profile: string | undefined): Promise<Program> {
  await bundled();
  return {
    name: 'kedge etcd',
    command: ({ directory, port }) => [
      process.execPath,
      ...kedgeProgram(profile),
      'etcd',
      ...flagsOf({ 'data-dir': directory, 'listen-client-urls': urlOf(port), 'quota-backend-bytes': quotaBytes }),
    ],
  };
}

/** An etcd as it starts by itself, alone: Debian's (package `etcd-server`) by default; undefined where there is none. */
export async function installedEtcd(path = '/usr/bin/etcd'): Promise<Program | undefined> {
  if (!existsSync(path)) return undefined;
  const { stdout } = await promisify(execFile)(path, ['--version']);
  const version = /etcd Version: (\S+)/.exec(stdout)?.[1] ?? '';
  return {
    name: `etcd ${version}`.trim(),
    command: ({ directory, port, peerPort }) => [
      path,
      ...flagsOf({
        'data-dir': directory,
        'listen-client-urls': urlOf(port),
        'advertise-client-urls': urlOf(port),
        'listen-peer-urls': urlOf(peerPort),
        'initial-advertise-peer-urls': urlOf(peerPort),
        'initial-cluster': `default=${urlOf(peerPort)}`,
        'quota-backend-bytes': quotaBytes,
        'log-level': 'error',
      }),
    ],
  };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function flagsOf(flags: Record<string, string | number>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
