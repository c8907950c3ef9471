import { readFile } from 'node:fs/promises';

/** Where something is mounted, in the order it was, of one type or of all (`/proc/self/mountinfo`). */
export async function mountPoints(type?: string): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && (type === undefined || line.includes(` - ${type} `)))
    .map((line) => unescape(line.split(' ')[4] ?? ''));
}

/** Blanks in paths are written as `\040`. */
function unescape(path: string): string {
  return path.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
}
