import { existsSync } from 'node:fs';

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Why tests with a cluster cannot run on this machine, or false; for the option `skip` of a test. */
export function cannotRun(...more: string[]): string | false {
  if (process.platform !== 'linux') return 'containers need Linux';
  if (process.getuid?.() !== 0) return 'clusters need root';
  const missing = ['runc', 'conmon', 'nft', 'ip', 'busybox', 'unzip', ...more].filter((name) => !isInstalled(name));
  return missing.length > 0 && `not installed: ${missing.join(', ')}`;
}

function isInstalled(command: string): boolean {
  return folders.some((folder) => existsSync(`${folder}/${command}`));
}
