// Brings what Kedge needs and the machine lacks: npm packages from the lock file, and the few programs of the host.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node.js 20.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a step and prints one line with its time. */
export async function step(title, work) {
  const start = performance.now();
  const detail = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(2).padStart(6);
  console.log(`✓ ${seconds} s  ${title}${detail ? `: ${detail}` : ''}`);
}

/** Installs the npm packages of the lock file unless they are there; with `dev` also those that only tests need. */
export async function installPackages({ dev }) {
  const stamp = join(root, 'node_modules', '.kedge.json');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {};
  if (installed.lock === lock && (installed.dev || !dev)) return;
  await step('npm packages', () => {
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(dev ? [] : ['--omit=dev'])]);
    writeFileSync(stamp, JSON.stringify({ lock, dev }));
  });
}

/** What a cluster needs from the host: a command, and the package that brings it. */
export const clusterTools = [
  { command: 'runc', instead: 'crun', packages: { default: 'runc' } },
  { command: 'conmon', packages: { default: 'conmon' } },
  { command: 'nft', packages: { default: 'nftables' } },
  {
    command: 'conntrack',
    packages: {
      default: 'conntrack',
      dnf: 'conntrack-tools',
      apk: 'conntrack-tools',
      pacman: 'conntrack-tools',
      zypper: 'conntrack-tools',
    },
  },
  { command: 'ip', packages: { default: 'iproute2', dnf: 'iproute' } },
  { command: 'nsenter', packages: { default: 'util-linux' } },
  {
    command: 'mount',
    packages: { default: 'mount', dnf: 'util-linux', apk: 'util-linux', pacman: 'util-linux', zypper: 'util-linux' },
  },
];

const managers = [
  {
    name: 'apt',
    command: 'apt-get',
    install: ['apt-get', 'install', '-y', '-qq', '--no-install-recommends'],
    refresh: ['apt-get', 'update', '-qq'],
  },
  { name: 'dnf', command: 'dnf', install: ['dnf', 'install', '-y', '-q'] },
  { name: 'apk', command: 'apk', install: ['apk', 'add', '-q'] },
  { name: 'pacman', command: 'pacman', install: ['pacman', '-S', '--noconfirm', '--needed'] },
  { name: 'zypper', command: 'zypper', install: ['zypper', '-q', '-n', 'install'] },
];

const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Whether a program is on the PATH or in the folders of the system. */
export function hasCommand(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...systemPath];
  return folders.some((folder) => {
    const path = join(folder, command);
    return existsSync(path) && (statSync(path).mode & 0o111) !== 0;
  });
}

/** Installs the host's packages for the tools that are missing, naming each. Throws with the command to type when it cannot. */
export async function installHostTools(tools) {
  const missing = tools.filter((tool) => !hasCommand(tool.command) && !(tool.instead && hasCommand(tool.instead)));
  if (missing.length === 0) return;
  const manager = managers.find((one) => hasCommand(one.command));
  const names = [...new Set(missing.map((tool) => tool.packages[manager?.name] ?? tool.packages.default))];
  const commands = missing.map((tool) => tool.command).join(', ');
  if (!manager) throw new Error(`missing on this machine: ${commands}. Install the packages ${names.join(', ')}`);
  const typed = [...manager.install, ...names].join(' ');
  if (process.getuid?.() !== 0) throw new Error(`missing on this machine: ${commands}. As root, run: ${typed}`);
  await step(`host packages ${names.join(', ')}`, () => {
    const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    if (manager.refresh) run(manager.refresh[0], manager.refresh.slice(1), quiet);
    run(manager.install[0], [...manager.install.slice(1), ...names], quiet);
    const still = missing.filter((tool) => !hasCommand(tool.command));
    if (still.length > 0) throw new Error(`"${typed}" did not bring ${still.map((tool) => tool.command).join(', ')}`);
  });
}

/** Bundles server and agent when a source is newer than the bundle. */
export async function buildIfStale() {
  const { buildBundle, isStale } = await import('./build.mjs');
  if (isStale()) await step('build', buildBundle);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    ...options,
  });
  if (result.status === 0) return;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n');
  const shown = output.length <= 24 ? output : [...output.slice(0, 12), '...', ...output.slice(-12)];
  throw new Error(
    `"${[command, ...args].join(' ')}" failed${result.error ? ` (${result.error.message})` : ''}:\n${shown.join('\n')}`,
  );
}

/** Prints what went wrong without a stack, and ends with 1. */
export function fail(error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
