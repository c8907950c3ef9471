import { chmod, lchown, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Gives a volume to a group: everything in it belongs to the group and is readable (and writable) by it, directories pass the group
 * on (upstream `pkg/volume/volume_linux.go` SetVolumeOwnership).
 */
export async function setVolumeOwnership(
  path: string,
  { group, readOnly, onlyOnMismatch }: { group: number; readOnly: boolean; onlyOnMismatch: boolean },
): Promise<void> {
  if (onlyOnMismatch && (await matches(path, group, readOnly))) return;
  await own(path, group, readOnly);
}

async function matches(path: string, group: number, readOnly: boolean): Promise<boolean> {
  const info = await stat(path);
  const wanted = wantedMode(info.mode, true, readOnly);
  return info.gid === group && (info.mode & 0o7777) === wanted;
}

function wantedMode(mode: number, directory: boolean, readOnly: boolean): number {
  const access = readOnly ? 0o440 : 0o660;
  return (mode & 0o7777) | access | (directory ? 0o2110 : 0);
}

async function own(path: string, group: number, readOnly: boolean): Promise<void> {
  const info = await lstat(path);
  if (info.gid !== group) await lchown(path, info.uid, group);
  if (info.isSymbolicLink()) return;
  const mode = wantedMode(info.mode, info.isDirectory(), readOnly);
  if (mode !== (info.mode & 0o7777) || info.gid !== group) await chmod(path, mode); // a chown clears setgid
  if (!info.isDirectory()) return;
  for (const name of await readdir(path)) await own(join(path, name), group, readOnly);
}
