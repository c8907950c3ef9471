import { messageOf } from '#base';
import { parseDuration } from './duration.ts';
import { isTimeZone } from './time-zone.ts';

/** The values of one field that a schedule is due at. */
export interface CronField {
  readonly values: ReadonlySet<number>;
  /** Whether the field was left open (`*`). Of two days that are not left open, either will do. */
  readonly isOpen: boolean;
}

/** When something is due again and again. */
export type CronSchedule =
  | { readonly kind: 'every'; readonly seconds: number }
  | {
      readonly kind: 'times';
      readonly minute: CronField;
      readonly hour: CronField;
      readonly dayOfMonth: CronField;
      readonly month: CronField;
      readonly dayOfWeek: CronField;
      /** The time zone that the schedule itself names, by an old custom. */
      readonly timeZone?: string;
    };

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const bounds = {
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  dayOfMonth: { min: 1, max: 31 },
  month: { min: 1, max: 12, names: monthNames },
  dayOfWeek: { min: 0, max: 6, names: dayNames },
} as const satisfies Record<string, Bounds>;

const named: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads a schedule. Throws RangeError in the words of `ParseStandard` of github.com/robfig/cron/v3. */
export function parseCronSchedule(text: string): CronSchedule {
  if (text === '') throw new RangeError('empty spec string');
  const { timeZone, rest } = takeTimeZone(text);
  if (rest.startsWith('@every ')) return { kind: 'every', seconds: everySeconds(rest.slice('@every '.length)) };
  const spec = rest.startsWith('@') ? named[rest] : rest;
  if (spec === undefined) throw new RangeError(`unrecognized descriptor: ${rest}`);
  const fields = spec.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) {
    throw new RangeError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  return {
    kind: 'times',
    minute: parseField(minute, bounds.minute),
    hour: parseField(hour, bounds.hour),
    dayOfMonth: parseField(dayOfMonth, bounds.dayOfMonth),
    month: parseField(month, bounds.month),
    dayOfWeek: parseField(dayOfWeek, bounds.dayOfWeek),
    ...(timeZone !== undefined && { timeZone }),
  };
}

/** What is wrong with a schedule, in the words of its parser. */
export function cronScheduleProblems(text: string): string[] {
  try {
    parseCronSchedule(text);
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [error.message];
    throw error;
  }
}

function takeTimeZone(text: string): { timeZone?: string; rest: string } {
  const [prefix] = /^(CRON_)?TZ=/.exec(text) ?? [];
  if (prefix === undefined) return { rest: text };
  const end = text.indexOf(' ');
  // Upstream's parser falls over a schedule that has nothing behind its time zone, and says so.
  if (end < 0) throw new RangeError('invalid schedule format: runtime error: slice bounds out of range [:-1]');
  const timeZone = text.slice(prefix.length, end);
  if (!isTimeZone(timeZone)) {
    throw new RangeError(`provided bad location ${timeZone}: unknown time zone ${timeZone}`);
  }
  return { timeZone, rest: text.slice(end).trim() };
}

function everySeconds(duration: string): number {
  try {
    return Math.max(1, Math.trunc(parseDuration(duration) / 1000));
  } catch (error) {
    throw new RangeError(`failed to parse duration ${duration}: ${messageOf(error)}`, { cause: error });
  }
}

/** `1,3-5,10-30/5,sat`. */
function parseField(text: string, of: Bounds): CronField {
  const ranges = text.split(',').filter((range) => range !== '');
  const parsed = ranges.map((range) => parseRange(range, of));
  return { values: new Set(parsed.flatMap(({ values }) => values)), isOpen: parsed.some(({ isOpen }) => isOpen) };
}

function parseRange(text: string, of: Bounds): { values: number[]; isOpen: boolean } {
  const [range = '', stepText, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreHyphens] = range.split('-');
  const isStar = low === '*' || low === '?';
  if (!isStar && moreHyphens.length > 0) throw new RangeError(`too many hyphens: ${text}`);
  const start = isStar ? of.min : parseValue(low, of);
  const last = isStar ? of.max : high === undefined ? start : parseValue(high, of);
  if (moreSteps.length > 0) throw new RangeError(`too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  // `5/15` goes on to the end of the field.
  const end = stepText !== undefined && high === undefined ? of.max : last;
  checkRange(text, { start, end, step }, of);
  const values = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => start + at * step);
  return { values, isOpen: isStar && step === 1 };
}

function checkRange(
  text: string,
  { start, end, step }: { start: number; end: number; step: number },
  { min, max }: Bounds,
): void {
  if (start < min) throw new RangeError(`beginning of range (${start}) below minimum (${min}): ${text}`);
  if (end > max) throw new RangeError(`end of range (${end}) above maximum (${max}): ${text}`);
  if (start > end) throw new RangeError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new RangeError(`step of range should be a positive number: ${text}`);
}

function parseValue(text: string, { min, names = [] }: Bounds): number {
  const at = names.indexOf(text.toLowerCase());
  return at < 0 ? parseNumber(text) : at + min;
}

function parseNumber(text: string): number {
  const fail = (why: string): RangeError =>
    new RangeError(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw fail('invalid syntax');
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value) throw fail('value out of range');
  if (value < 0n) throw new RangeError(`negative number (${value}) not allowed: ${text}`);
  return Number(value);
}
