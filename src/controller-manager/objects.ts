import { isDeepStrictEqual } from 'node:util';
import { formatTime } from '#machinery';
import type { Clock } from '#base';

/** A copy of a frozen object with some of its fields replaced. */
export function copyWith<T extends object>(object: T, changes: Partial<T>): T {
  return { ...object, ...changes };
}

/** Whether two objects say the same: absent and undefined fields are equal, the order of keys does not count. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(plain(a), plain(b));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/**
 * Whether two objects say the same when what is zero, empty or false counts as absent: most of a status is stored
 * without its zeros, so what was computed and what was stored differ in them alone.
 */
export function isSameStatus(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(withoutZeros(a), withoutZeros(b));
}

function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutZeros);
  if (typeof value !== 'object' || value === null) return value || undefined;
  const entries = Object.entries(value).map(([name, inner]) => [name, withoutZeros(inner)] as const);
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
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
