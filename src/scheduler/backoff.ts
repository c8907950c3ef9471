const firstBackoffMs = 1000;
const maxBackoffMs = 10_000;

/** A pod that nothing seems to help is tried again after this all the same (`DefaultPodMaxInUnschedulablePodsDuration`). */
export const unschedulableForMs = 5 * 60_000;

/** How long a pod keeps back after so many attempts: 1 s after the first, doubling to 10 s. */
export function backoffMs(attempts: number): number {
  return Math.min(firstBackoffMs * 2 ** Math.max(0, attempts - 1), maxBackoffMs);
}
