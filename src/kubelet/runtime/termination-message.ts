import { open } from 'node:fs/promises';
import { hasCode, messageOf } from '#base';
import { parseLogLine } from '../logs/cri-log.ts';
import { readTail } from '../logs/tail.ts';

const maxMessageBytes = 4096;
const maxLogBytes = 2048;
const maxLogLines = 80;

/** What a container said when it ended: the file it wrote, or else, where asked for, the end of its log. */
export async function terminationMessage({
  hostPath,
  fallbackToLogs,
  logPath,
}: {
  hostPath: string | undefined;
  fallbackToLogs: boolean;
  logPath: string;
}): Promise<string> {
  const written = hostPath ? await head(hostPath) : '';
  if (written !== '' || !fallbackToLogs) return written;
  return tailOfLog(logPath);
}

async function head(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxMessageBytes), 0, maxMessageBytes, 0);
      return buffer.subarray(0, bytesRead).toString();
    } finally {
      await file.close();
    }
  } catch (error) {
    return hasCode(error, 'ENOENT') ? '' : `Error on reading termination log ${path}: ${messageOf(error)}`;
  }
}

async function tailOfLog(path: string): Promise<string> {
  try {
    const lines = await readTail(path, maxLogLines);
    const text = Buffer.concat(lines.flatMap((line) => parseLogLine(line)?.content ?? []));
    return text.subarray(Math.max(0, text.length - maxLogBytes)).toString();
  } catch (error) {
    return hasCode(error, 'ENOENT') ? '' : `Error reading termination message from logs: ${messageOf(error)}`;
  }
}
