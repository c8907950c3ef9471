/**
 * The indexes of a job as text: numbers and intervals, in order, such as `1,3-5`. An empty text is none of them. What is
 * wrong with a text is told in the words of `pkg/apis/batch/validation/validation.go`.
 */

interface Interval {
  readonly first: number;
  readonly last: number;
}

/** What a text says: how many of the first `completions` indexes, or what is wrong with it. */
export type Indexes = { readonly count: number; readonly problem?: undefined } | { readonly problem: string };

export function parseIndexes(text: string, completions: number): Indexes {
  let before = -1;
  let count = 0;
  for (const part of partsOf(text)) {
    const interval = parseInterval(part, completions);
    if (typeof interval === 'string') return { problem: interval };
    const { first, last } = interval;
    if (before >= first) return { problem: `non-increasing order, previous: ${before}, current: ${first}` };
    count += last - first + 1;
    before = last;
  }
  return { count };
}

/** The first index that two texts have in common. Parts that cannot be read are passed over. */
export function overlapOf(one: string, other: string, completions: number): number | undefined {
  const [ones, others] = [one, other].map((text) => readable(text, completions));
  for (const a of ones ?? []) {
    const b = others?.find(({ first, last }) => a.first <= last && first <= a.last);
    if (b) return Math.max(a.first, b.first);
  }
  return undefined;
}

function partsOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

function readable(text: string, completions: number): Interval[] {
  return partsOf(text)
    .map((part) => parseInterval(part, completions))
    .filter((interval) => typeof interval !== 'string');
}

/** The interval, or what is wrong with it. */
function parseInterval(text: string, completions: number): Interval | string {
  const limits = text.split('-');
  if (limits.length > 2) {
    const why = "violates the requirement that an index interval can have at most two parts separated by '-'";
    return `the fragment ${JSON.stringify(text)} ${why}`;
  }
  for (const limit of limits) {
    const quoted = JSON.stringify(limit);
    if (!/^\+?\d+$/.test(limit)) return `cannot convert string to integer for index: ${quoted}`;
    if (Number(limit) >= completions) return `too large index: ${quoted}`;
  }
  const [first = 0, last] = limits.map(Number);
  if (last !== undefined && first >= last) return `non-increasing order, previous: ${first}, current: ${last}`;
  return { first, last: last ?? first };
}
