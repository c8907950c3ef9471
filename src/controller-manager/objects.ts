import { formatTime } from '#machinery';
import type { Clock } from '#base';

/** A copy of a frozen object with some of its fields replaced. */
export function copyWith<T extends object>(object: T, changes: Partial<T>): T {
  return { ...object, ...changes };
}

/** Whether two objects say the same: absent and undefined fields are equal, the order of keys does not count. */
export function isSame(a: unknown, b: unknown): boolean {
  return isEqual(a, b, (value) => value === undefined);
}

/**
 * Whether two objects say the same when what is zero, empty or false counts as absent: most of a status is stored
 * without its zeros, so what was computed and what was stored differ in them alone.
 */
export function isSameStatus(a: unknown, b: unknown): boolean {
  return isEqual(a, b, isZero);
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every(isZero);
}

function isEqual(a: unknown, b: unknown, isAbsent: (value: unknown) => boolean): boolean {
  if (a === b) return true;
  if (isAbsent(a) || isAbsent(b)) return isAbsent(a) && isAbsent(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isEqual(item, b[at], isAbsent));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  return (
    Object.entries(a).every(([name, value]) => isEqual(value, b[name], isAbsent)) &&
    Object.entries(b).every(([name, value]) => name in a || isAbsent(value))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface ConditionLike {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** The condition of this type. */
export function conditionOf<C extends { type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((one) => one.type === type);
}

/** The conditions with one replaced; its transition time is now only when its status changes. */
export function withCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  next: C,
  clock: Clock,
): C[] {
  const known = conditionOf(conditions, next.type);
  const lastTransitionTime = known?.status === next.status ? known.lastTransitionTime : formatTime(clock.now());
  const stamped = copyWith(next, { lastTransitionTime } as Partial<C>);
  if (!known) return [...(conditions ?? []), stamped];
  return (conditions ?? []).map((one) => (one.type === next.type ? stamped : one));
}

/** Orders the oldest first. */
export function byCreation<T extends { metadata: { creationTimestamp?: string; name?: string } }>(a: T, b: T): number {
  const [first, second] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** Adds up a number of each object. */
export function sumOf<T>(objects: Iterable<T>, number: (object: T) => number | undefined): number {
  let sum = 0;
  for (const object of objects) sum += number(object) ?? 0;
  return sum;
}
