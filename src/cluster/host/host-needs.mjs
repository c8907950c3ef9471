// @ts-check
/**
 * What Kedge needs from a machine, and what brings it. `npm start` installs by this list and `kedge up` checks by it.
 * Plain JavaScript that imports nothing of ours: it runs on Node.js 18, before any package is installed.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A program or a shared library, what for, and the package that brings it by the name of the package manager.
 * @typedef {{ command: string, instead?: string, purpose: string, packages: Record<string, string> }} NeededCommand
 * @typedef {{ library: string, purpose: string, packages: Record<string, string> }} NeededLibrary
 * @typedef {NeededCommand | NeededLibrary} Need
 */

/**
 * How to ask a machine for what it has.
 * @typedef {{ command(name: string): boolean, library(name: string): boolean }} Installed
 */

/**
 * What would bring the missing: packages, and the machine's package manager, if it has one we know.
 * @typedef {{ missing: Need[], packages: string[], manager?: { refresh?: string[], install: string[], options: string[] } }} InstallPlan
 */

/** The Node.js that Kedge brings is linked against it. @type {NeededLibrary} */
export const nodeLibrary = {
  library: 'libatomic.so.1',
  purpose: 'run Node.js 26',
  packages: { default: 'libatomic1', dnf: 'libatomic', pacman: 'gcc-libs' },
};

const conntrackTools = 'conntrack-tools';
const utilLinux = 'util-linux';

/** What a cluster needs. @type {Need[]} */
export const clusterNeeds = [
  nodeLibrary,
  { command: 'runc', instead: 'crun', purpose: 'run containers', packages: { default: 'runc' } },
  { command: 'conmon', purpose: 'hold containers', packages: { default: 'conmon' } },
  { command: 'nft', purpose: 'lead Services to pods', packages: { default: 'nftables' } },
  {
    command: 'conntrack',
    purpose: 'end flows to pods that are gone',
    packages: { default: conntrackTools, apt: 'conntrack' },
  },
  {
    command: 'ip',
    purpose: 'make the networks of nodes and pods',
    packages: { default: 'iproute2', dnf: 'iproute' },
  },
  { command: 'nsenter', purpose: 'enter the networks of nodes', packages: { default: utilLinux } },
  { command: 'mount', purpose: 'mount volumes and images', packages: { default: utilLinux, apt: 'mount' } },
];

/** What several servers need besides. @type {Need} */
export const etcdNeed = {
  command: 'etcd',
  purpose: 'keep the state of several servers',
  packages: { default: 'etcd', apt: 'etcd-server' },
};

/** Package managers: the command to type, and what makes it quiet. The first that a machine has is its own. */
const managers = [
  {
    name: 'apt',
    refresh: ['apt-get', 'update', '-qq'],
    install: ['apt-get', 'install'],
    // it waits while another one, as of a machine's first boot, is at work
    options: ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'],
  },
  { name: 'dnf', install: ['dnf', 'install'], options: ['-y', '-q'] },
  { name: 'apk', install: ['apk', 'add'], options: ['-q'] },
  { name: 'pacman', install: ['pacman', '-S'], options: ['--noconfirm', '--needed'] },
  { name: 'zypper', install: ['zypper', 'install'], options: ['-n'] },
];

const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** This machine. @type {Installed} */
export const thisMachine = {
  command: (name) =>
    systemPath.some((folder) => {
      const path = join(folder, name);
      return existsSync(path) && (statSync(path).mode & 0o111) !== 0;
    }),
  // The cache of the dynamic linker holds the name of every library; a system without glibc has none, and is not judged.
  library: (name) => !existsSync('/etc/ld.so.cache') || readFileSync('/etc/ld.so.cache').includes(name),
};

/**
 * What is missing and what would bring it; undefined when nothing is.
 * @param {readonly Need[]} needs
 * @param {Installed} has
 * @returns {InstallPlan | undefined}
 */
export function planInstall(needs, has = thisMachine) {
  const missing = needs.filter((need) => !isThere(need, has));
  if (missing.length === 0) return undefined;
  const manager = managers.find(({ install: [command = ''] }) => has.command(command));
  return { missing, packages: [...new Set(missing.map((need) => packageOf(need, manager?.name)))], manager };
}

/**
 * Says what is missing, what for, and what to type.
 * @param {InstallPlan} plan
 */
export function describePlan({ missing, packages, manager }) {
  const list = missing.map((need) => `${nameOf(need)} (to ${need.purpose})`).join(', ');
  const what = manager
    ? `As root, run: ${[...manager.install, ...packages].join(' ')}`
    : `Install the packages that bring them; Debian calls them ${packages.join(' ')}`;
  return `missing on this machine: ${list}. ${what}`;
}

/**
 * Why this is not a machine, or not a user, for clusters; undefined when it is.
 * @param {{ platform: string, uid: number }} machine
 * @returns {string | undefined}
 */
export function refusal({ platform, uid }) {
  if (platform !== 'linux') {
    return `Kedge runs containers on Linux, and this is ${platform}: use a Linux machine, or a virtual one`;
  }
  if (uid !== 0) return 'making network namespaces and cgroups takes root: run the same command as root, or with sudo';
  return undefined;
}

/**
 * @param {Need} need
 * @param {Installed} has
 */
function isThere(need, has) {
  if ('library' in need) return has.library(need.library);
  return has.command(need.command) || (need.instead !== undefined && has.command(need.instead));
}

/** @param {Need} need */
function nameOf(need) {
  if ('library' in need) return need.library;
  return need.instead === undefined ? need.command : `${need.command} or ${need.instead}`;
}

/**
 * @param {Need} need
 * @param {string} [manager]
 */
function packageOf({ packages }, manager = 'apt') {
  return packages[manager] ?? packages['default'] ?? '';
}
