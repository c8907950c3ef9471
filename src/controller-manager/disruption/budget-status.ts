import type { Condition, Pod, PodDisruptionBudget } from '#api';
import type { Clock } from '#base';
import { isDeleting, nameOf, parseTime } from '#machinery';
import { copyWith, withCondition } from '../objects.ts';
import { isPodReady } from '../pods.ts';

type Status = PodDisruptionBudget['status'];

/** A pod that was evicted and is not on its way out after this will not be. */
const deletionTimeoutMs = 2 * 60_000;

interface Observed {
  budget: PodDisruptionBudget;
  /** All that the budget selects. */
  pods: readonly Pod[];
  /** How many pods there are to be, and how many have to be healthy. */
  expectedPods: number;
  desiredHealthy: number;
  clock: Clock;
}

/** What a budget should say of its pods (`pkg/controller/disruption`). */
export function statusOf({ budget, pods, expectedPods, desiredHealthy, clock }: Observed): Status {
  const { disruptedPods } = leaving(budget, pods, clock.now());
  const counted = pods.filter((pod) => !isDeleting(pod) && !(nameOf(pod) in disruptedPods));
  const currentHealthy = counted.filter(isPodReady).length;
  // A budget without pods allows nothing, so that the first pods are safe until they have been counted.
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const observedGeneration = budget.metadata.generation;
  const counts = {
    currentHealthy,
    desiredHealthy,
    expectedPods,
    disruptionsAllowed,
    disruptedPods,
    observedGeneration,
  };
  const isSufficient = disruptionsAllowed > 0;
  const told = {
    status: isSufficient ? 'True' : 'False',
    reason: isSufficient ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  } as const;
  return { ...counts, conditions: conditionsWith(budget, told, observedGeneration, clock) };
}

/** The status of a budget that could not be counted: until it can be, nothing may go. */
export function failedStatus(budget: PodDisruptionBudget, message: string, clock: Clock): Status {
  const { observedGeneration } = budget.status;
  const told = { status: 'False', reason: 'SyncFailed', message } as const;
  const conditions = conditionsWith(budget, told, observedGeneration, clock);
  return copyWith(budget.status, { disruptionsAllowed: 0, conditions });
}

function conditionsWith(
  { status }: PodDisruptionBudget,
  told: Pick<Condition, 'status' | 'reason' | 'message'>,
  observedGeneration: number | undefined,
  clock: Clock,
): Condition[] {
  const condition = { type: 'DisruptionAllowed', lastTransitionTime: '', observedGeneration, ...told };
  return withCondition(status.conditions, condition, clock);
}

/**
 * The pods that evictions have told the budget of and that have not been seen to go; which of them should have gone by
 * now; and when to look again, if there are any, in milliseconds.
 */
export function leaving({ status }: PodDisruptionBudget, pods: readonly Pod[], nowMs: number) {
  const told = pods.flatMap((pod) => {
    const since = status.disruptedPods?.[nameOf(pod)];
    return since === undefined || isDeleting(pod) ? [] : [{ pod, since, endMs: parseTime(since) + deletionTimeoutMs }];
  });
  const [going, overdue] = [told.filter(({ endMs }) => endMs > nowMs), told.filter(({ endMs }) => endMs <= nowMs)];
  return {
    disruptedPods: Object.fromEntries(going.map(({ pod, since }) => [nameOf(pod), since])),
    overdue: overdue.map(({ pod }) => pod),
    againInMs: going.length > 0 ? Math.min(...going.map(({ endMs }) => endMs)) - nowMs : undefined,
  };
}
