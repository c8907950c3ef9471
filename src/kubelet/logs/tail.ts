import { open, type FileHandle } from 'node:fs/promises';

const blockBytes = 64 * 1024;
const newline = 0x0a;

/** The offset at which the last `lines` lines of the first `size` bytes begin. */
export async function tailOffset(file: FileHandle, size: number, lines: number): Promise<number> {
  if (lines <= 0) return size;
  let left = lines;
  let end = size;
  const buffer = Buffer.alloc(blockBytes);
  let ignoreLast = true; // the newline that ends the last line begins no line
  while (end > 0) {
    const start = Math.max(0, end - blockBytes);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    for (let at = bytesRead - 1; at >= 0; at--) {
      const isEnd = start + at === size - 1;
      if (buffer[at] !== newline || (isEnd && ignoreLast)) continue;
      ignoreLast = false;
      if (--left === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}

/** The last lines of a file. */
export async function readTail(path: string, lines: number): Promise<Buffer[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = await tailOffset(file, size, lines);
    const text = Buffer.alloc(size - start);
    await file.read(text, 0, text.length, start);
    return splitLines(text).lines;
  } finally {
    await file.close();
  }
}

/** Whole lines, with their newlines, and what follows the last newline. */
export function splitLines(text: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
    lines.push(text.subarray(start, end + 1));
    start = end + 1;
  }
  return { lines, rest: text.subarray(start) };
}
