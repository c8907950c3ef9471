/** Points in time as Go's `time.Parse` reads them: each piece of the layout, and what it must look like. */
const seconds: readonly LayoutPiece[] = [
  { layout: '2006', pattern: /^\d{4}/ },
  { layout: '-', pattern: /^-/ },
  { layout: '01', pattern: /^\d{2}/ },
  { layout: '-', pattern: /^-/ },
  { layout: '02', pattern: /^\d{2}/ },
  { layout: 'T', pattern: /^T/ },
  { layout: '15', pattern: /^\d{2}/ },
  { layout: ':', pattern: /^:/ },
  { layout: '04', pattern: /^\d{2}/ },
  { layout: ':', pattern: /^:/ },
  { layout: '05', pattern: /^\d{2}/ },
];
const zone: LayoutPiece = { layout: 'Z07:00', pattern: /^(?:Z|[+-]\d{2}:\d{2})/ };
const layouts = {
  /** A fraction of any length is let through, as Go does after seconds. */
  seconds: [...seconds, { layout: '', pattern: /^(?:[.,]\d+)?/ }, zone],
  micro: [...seconds, { layout: '.000000', pattern: /^\.\d{6}/ }, zone],
};

interface LayoutPiece {
  readonly layout: string;
  readonly pattern: RegExp;
}

/** RFC 3339 in UTC with whole seconds, as `metav1.Time` is written. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== formatted.second) formatted = { second, text: `${new Date(ms).toISOString().slice(0, -5)}Z` };
  return formatted.text;
}

/** The time that was asked for last: thousands of objects are made in the same second. */
let formatted = { second: Number.NaN, text: '' };

/** RFC 3339 in UTC with microseconds, as `metav1.MicroTime` is written. */
export function formatMicroTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`;
}

/** Milliseconds since 1970 of an RFC 3339 time. Throws RangeError in the words of Go's `time.Parse`. */
export function parseTime(text: string): number {
  return parseLayout(text, layouts.seconds);
}

/** What `metav1.Time` leaves of a time: UTC, the fraction cut off. Throws RangeError as `parseTime`. */
export function normalizeTime(text: string): string {
  return isCanonical(text) ? text : formatTime(parseTime(text));
}

/** What `metav1.MicroTime` leaves of a time, which must have six digits of fraction. Throws RangeError as `parseTime`. */
export function normalizeMicroTime(text: string): string {
  const ms = parseLayout(text, layouts.micro);
  const fraction = /\.(\d{6})/.exec(text)?.[1] ?? '000000';
  return `${formatTime(ms).slice(0, -1)}.${fraction}Z`;
}

/** Most times come as they were written here, and need not be read by the letter. */
function isCanonical(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && formatTime(ms) === text;
}

function parseLayout(text: string, layout: readonly LayoutPiece[]): number {
  const whole = layout.map((piece) => piece.layout).join('');
  const fail = (rest: string, piece: string): never => {
    const why = rest === '' && piece === '' ? '' : `cannot parse ${quote(rest)} as ${quote(piece)}`;
    throw new RangeError(`parsing time ${quote(text)} as ${quote(whole)}: ${why}`);
  };
  const found: string[] = [];
  let rest = text;
  for (const piece of layout) {
    const match = piece.pattern.exec(rest)?.[0];
    if (match === undefined) return fail(rest, piece.layout);
    found.push(match);
    rest = rest.slice(match.length);
  }
  if (rest !== '') throw new RangeError(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
  return toMilliseconds(text, found);
}

function toMilliseconds(text: string, found: readonly string[]): number {
  const at = (index: number): number => Number(found[index] ?? 0);
  const [year, month, day, hour, minute, second] = [at(0), at(2), at(4), at(6), at(8), at(10)];
  const outOfRange = (what: string): never => {
    throw new RangeError(`parsing time ${quote(text)}: ${what} out of range`);
  };
  if (month < 1 || month > 12) outOfRange('month');
  if (hour > 23) outOfRange('hour');
  if (minute > 59) outOfRange('minute');
  if (second > 59) outOfRange('second');
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (day < 1 || date.getUTCMonth() !== month - 1) outOfRange('day');
  const fractionMs = Math.floor(Number(`0.${(found[11] ?? '').slice(1)}`) * 1000) || 0;
  const local = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs;
  return local - offsetMs(found[12] ?? 'Z');
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
