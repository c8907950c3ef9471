import type { Role, User } from './auth-buckets.ts';

/** The half-open interval [start, end); no end: all from `start` on. */
interface Interval {
  start: Uint8Array;
  end: Uint8Array | undefined;
}

/** What a user may read and write: the permissions of all its roles, merged (`server/auth/range_perm_cache.go`). */
export class RangePermissions {
  readonly #readable: Interval[];
  readonly #writable: Interval[];

  constructor(user: User, roles: ReadonlyMap<string, Role>) {
    const permissions = user.roles.flatMap((name) => roles.get(name)?.keyPermission ?? []);
    const granting = (type: 'READ' | 'WRITE'): Interval[] =>
      merged(
        permissions
          .filter(({ permType }) => permType === type || permType === 'READWRITE')
          .map(({ key, rangeEnd }) => intervalOf(key, rangeEnd)),
      );
    this.#readable = granting('READ');
    this.#writable = granting('WRITE');
  }

  /** Whether every key of the range, or the one key, may be read or written. */
  allow(type: 'READ' | 'WRITE', key: Uint8Array, rangeEnd?: Uint8Array): boolean {
    const { start, end } = intervalOf(key, rangeEnd);
    const granted = type === 'READ' ? this.#readable : this.#writable;
    // Merged intervals do not touch, so that what is covered is covered by one of them.
    return granted.some((interval) => Buffer.compare(interval.start, start) <= 0 && reaches(interval.end, end));
  }
}

/** Whether a permission may be given on a range: a key, a range that is not empty, or all from a key on. */
export function isValidPermissionRange(key: Uint8Array, rangeEnd: Uint8Array): boolean {
  if (key.length === 0) return false;
  return rangeEnd.length === 0 || isOpenEnded(rangeEnd) || Buffer.compare(key, rangeEnd) < 0;
}

function intervalOf(key: Uint8Array, rangeEnd?: Uint8Array): Interval {
  if (!rangeEnd || rangeEnd.length === 0) return { start: key, end: Buffer.concat([key, Uint8Array.of(0)]) };
  return { start: key, end: isOpenEnded(rangeEnd) ? undefined : rangeEnd };
}

function isOpenEnded(rangeEnd: Uint8Array): boolean {
  return rangeEnd.length === 1 && rangeEnd[0] === 0;
}

function reaches(end: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return end === undefined || (other !== undefined && Buffer.compare(end, other) >= 0);
}

function merged(intervals: Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals.toSorted((one, other) => Buffer.compare(one.start, other.start))) {
    const last = result.at(-1);
    if (!last || (last.end !== undefined && Buffer.compare(last.end, interval.start) < 0)) result.push({ ...interval });
    else if (!reaches(last.end, interval.end)) last.end = interval.end;
  }
  return result;
}
