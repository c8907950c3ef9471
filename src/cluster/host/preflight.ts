import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What a node needs from the machine, and the Debian package that brings it. */
const tools: { names: string[]; package: string; for: string }[] = [
  { names: ['runc', 'crun'], package: 'runc', for: 'run containers' },
  { names: ['conmon'], package: 'conmon', for: 'hold containers' },
  { names: ['nft'], package: 'nftables', for: 'lead Services to pods' },
  { names: ['conntrack'], package: 'conntrack', for: 'end flows to pods that are gone' },
  { names: ['ip'], package: 'iproute2', for: 'make the networks of nodes and pods' },
  { names: ['nsenter'], package: 'util-linux', for: 'enter the networks of nodes' },
  { names: ['mount'], package: 'mount', for: 'mount volumes and images' },
];

/** Throws with everything that keeps this machine from running containers, and how to get it. */
export async function checkMachine(machine: { platform: NodeJS.Platform; uid: number }): Promise<void> {
  if (machine.platform !== 'linux') {
    throw new Error(
      `Kedge runs containers on Linux, and this is ${machine.platform}: use a Linux machine, or a virtual one`,
    );
  }
  if (machine.uid !== 0) {
    throw new Error('making network namespaces and cgroups takes root: run the same command with sudo');
  }
  const missing: typeof tools = [];
  for (const tool of tools) if (!(await isInstalled(tool.names))) missing.push(tool);
  if (missing.length === 0) return;
  const list = missing.map((tool) => `${tool.names.join(' or ')} (to ${tool.for})`).join(', ');
  throw new Error(
    `missing on this machine: ${list}. Install: apt-get install ${missing.map((tool) => tool.package).join(' ')}`,
  );
}

async function isInstalled(names: readonly string[]): Promise<boolean> {
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = await Promise.all(
    paths.map((path) =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
