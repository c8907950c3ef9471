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

/**
 * A line's time as kubelet shows it: nine digits after the second, and `Z` for UTC, which conmon writes as `+00:00`
 * (upstream: `RFC3339NanoFixed` in kubelet's `logs.go`, so that times line up and sort as text).
 */
export function formatTimestamp(timestamp: string): string {
  const parts = /^(.*:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp);
  if (!parts) return timestamp;
  const [, seconds, fraction = '', zone] = parts;
  return `${seconds}.${fraction.padEnd(9, '0')}${zone === '+00:00' ? 'Z' : zone}`;
}
