import { mkdir, readFile } from 'node:fs/promises';
import { execute } from '#base';

/** Unmounts everything below a folder, the innermost first. */
export async function unmountBelow(folder: string): Promise<void> {
  const below = (await mountPoints()).filter((point) => point.startsWith(`${folder}/`));
  for (const point of below.reverse()) await execute(['umount', '-l', point]);
}

/** Makes a folder that lives in memory, unless it does already. */
export async function ensureMemoryFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await mountPoints()).includes(folder)) return;
  await execute(['mount', '-t', 'tmpfs', '-o', 'mode=0700', 'kedge', folder]);
}

async function mountPoints(): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table
    .trim()
    .split('\n')
    .map((line) => unescape(line.split(' ')[4] ?? ''));
}

/** The kernel writes blanks and the like as octal escapes. */
function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
