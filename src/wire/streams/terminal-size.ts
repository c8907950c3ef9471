import type { Readable } from 'node:stream';
import { AsyncQueue } from '#base';

/** The size of the client's terminal, named as it stands on the wire. */
export interface TerminalSize {
  Width: number;
  Height: number;
}

/** More than one size is never long; a sender of endless text is cut off. */
const maxPending = 4096;
/** Sizes that wait for a slow reader. Only the last matters, but dragging a window makes dozens. */
const maxSizes = 256;

/** Reads a stream of JSON objects `{"Width":80,"Height":24}`. What is no size is passed over. */
export function terminalSizes(stream: Readable): AsyncIterable<TerminalSize> {
  const sizes = new AsyncQueue<TerminalSize>();
  let pending = '';
  stream.on('data', (chunk: Buffer) => {
    const objects = (pending + chunk.toString('latin1')).split('}');
    pending = (objects.pop() ?? '').slice(0, maxPending);
    for (const object of objects) {
      const size = parseSize(`${object}}`);
      if (size && sizes.size < maxSizes) sizes.push(size);
    }
  });
  stream.once('end', () => sizes.close());
  stream.once('close', () => sizes.close());
  return sizes;
}

function parseSize(text: string): TerminalSize | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as Record<string, unknown>;
    return isSize(Width) && isSize(Height) ? { Width, Height } : undefined;
  } catch {
    return undefined;
  }
}

/** Go's side has 16 bits for it. */
function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff;
}
