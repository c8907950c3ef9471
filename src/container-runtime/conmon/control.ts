import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '#base';

// The monitor of a container takes commands by a fifo in its bundle, a line each (conmon, `src/ctrl.c`).

const resize = 1;
const reopenLog = 2;

/** Lets the monitor open its log file anew. */
export function reopenLogOf(bundle: string): Promise<void> {
  return command(bundle, `${reopenLog} 0 0\n`);
}

/** Tells the container's terminal how large its window is. */
export function resizeTerminalOf(bundle: string, rows: number, columns: number): Promise<void> {
  return command(bundle, `${resize} ${rows} ${columns}\n`);
}

async function command(bundle: string, line: string): Promise<void> {
  try {
    // without O_NONBLOCK the call would wait for ever when the monitor is gone
    const fifo = await open(join(bundle, 'ctl'), constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      await fifo.write(line);
    } finally {
      await fifo.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENXIO', 'ENOENT')) throw new Error('the monitor of the container is gone', { cause: error });
    throw error;
  }
}
