import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a folder and all below it take on the disk, and how many files and folders they are. */
export async function folderSize(folder: string): Promise<{ bytes: number; entries: number }> {
  let [bytes, entries] = [0, 1];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = await folderSize(path);
      [bytes, entries] = [bytes + below.bytes, entries + below.entries];
    } else {
      const status = await lstat(path).catch(() => undefined);
      [bytes, entries] = [bytes + (status?.blocks ?? 0) * 512, entries + 1];
    }
  }
  return { bytes, entries };
}
