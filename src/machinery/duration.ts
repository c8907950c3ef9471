const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration as Go writes it ("1h2m", "-1.5s", "300ms"). Throws RangeError in the words of Go's `time.ParseDuration`. */
export function parseDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return 0;
  if (body === '') throw new RangeError(`time: invalid duration ${quoted}`);
  let total = 0;
  let rest = body;
  while (rest !== '') {
    const [whole = '', number = ''] = /^(\d+\.?\d*|\.\d+)/.exec(rest) ?? [];
    if (number === '') throw new RangeError(`time: invalid duration ${quoted}`);
    rest = rest.slice(whole.length);
    const unit = /^[^.\d]+/.exec(rest)?.[0];
    if (unit === undefined) throw new RangeError(`time: missing unit in duration ${quoted}`);
    const factor = Object.hasOwn(unitMs, unit) ? unitMs[unit] : undefined;
    if (factor === undefined) throw new RangeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    total += Number(number) * factor;
    rest = rest.slice(unit.length);
  }
  return sign === '-' ? -total : total;
}

/** A duration as Go prints it: "1h2m3s", "1.5s", "250ms", "0s". */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return '0s';
  if (ms < 1000) return formatFraction(ms);
  const nanoseconds = Math.round(ms * 1e6);
  const hours = Math.floor(nanoseconds / 3.6e12);
  const minutes = Math.floor((nanoseconds % 3.6e12) / 6e10);
  const seconds = `${trim((nanoseconds % 6e10) / 1e9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function formatFraction(ms: number): string {
  if (ms >= 1) return `${trim(ms)}ms`;
  return ms >= 1e-3 ? `${trim(ms * 1e3)}µs` : `${Math.round(ms * 1e6)}ns`;
}

function trim(value: number): string {
  return String(Number(value.toFixed(9)));
}

/** A duration in two or three digits, as kubectl's AGE column shows it (`apimachinery/pkg/util/duration`). */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  return humanDays(hours);
}

function humanDays(hours: number): string {
  const days = Math.floor(hours / 24);
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 365 * 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;
}
