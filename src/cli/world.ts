import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { systemClock, systemRandom } from '#base';
import type { Machine } from '#cluster';

/** Reads the world once: the only place that looks at the environment. */
export function readWorld(env: NodeJS.ProcessEnv = process.env): Machine {
  const uid = process.getuid?.() ?? -1;
  return {
    platform: process.platform,
    uid,
    home: resolve(env['KEDGE_HOME'] || defaultHome(uid, env)), // its processes run elsewhere
    kubeconfig: env['KUBECONFIG']?.split(':').find((path) => path !== '') ?? join(homedir(), '.kube', 'config'),
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    logLevel: env['KEDGE_LOG'] === 'debug' ? 'debug' : 'info',
    clock: systemClock,
    random: systemRandom,
  };
}

/** Whether the shell of the user finds a program. */
export function isOnPath(name: string, env: NodeJS.ProcessEnv = process.env): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Root keeps clusters where services keep their state, a user in the folder for application data (XDG). */
function defaultHome(uid: number, env: NodeJS.ProcessEnv): string {
  if (uid === 0) return '/var/lib/kedge';
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'kedge');
}
