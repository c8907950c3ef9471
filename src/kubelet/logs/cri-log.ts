/** One line of a log in CRI form: `2016-10-06T00:17:09.669794202Z stdout F the text`. */
export interface LogLine {
  /** RFC 3339 with nanoseconds, as written. */
  readonly timestamp: string;
  readonly stream: 'stdout' | 'stderr';
  /** The text; ends with a newline but for a partial line. */
  readonly content: Buffer;
  /** The runtime broke the line here: the next one goes on. */
  readonly partial: boolean;
}

const space = 0x20;
const newline = 0x0a;

/** Reads a line with or without its newline; undefined for what is no CRI log line. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const first = line.indexOf(space);
  const second = line.indexOf(space, first + 1);
  const third = line.indexOf(space, second + 1);
  if (first <= 0 || second < 0) return undefined;
  const stream = line.subarray(first + 1, second).toString();
  if (stream !== 'stdout' && stream !== 'stderr') return undefined;
  const end = line.at(-1) === newline ? line.length - 1 : line.length;
  const tags = line.subarray(second + 1, third < 0 ? end : third).toString();
  const partial = tags.split(':').includes('P');
  const text = third < 0 ? Buffer.alloc(0) : line.subarray(third + 1, end);
  const content = partial ? text : Buffer.concat([text, Buffer.from('\n')]);
  return { timestamp: line.subarray(0, first).toString(), stream, content, partial };
}
