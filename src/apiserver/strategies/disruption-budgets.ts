import type { Condition, Pod, PodDisruptionBudget } from '#api';
import type { Clock } from '#base';
import { forbidden, formatTime, generic, selectorOf, StatusError } from '#machinery';
import { systemContext } from '../registry/defaults.ts';
import type { RequestContext } from '../registry/rest.ts';
import type { ResourceStore } from '../registry/store.ts';
import { statusStrategy } from './spec-and-status.ts';

/** How many evictions may be under way that the disruption controller has not seen. */
const maxDisruptedPods = 2000;
const retryAfterSeconds = 10;

/** What a budget says of one pod. `unhealthy`: it may go, and does not count, as long as it stays unhealthy. */
export type Verdict = { readonly kind: 'free' | 'counted' } | { readonly kind: 'unhealthy'; readonly budget: string };

/** The disruption budgets, as evictions see them (`pkg/registry/core/pod/storage/eviction.go`). */
export class DisruptionBudgets {
  readonly #store: () => ResourceStore<PodDisruptionBudget>;
  readonly #clock: Clock;

  constructor({ store, clock }: { store: () => ResourceStore<PodDisruptionBudget>; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Whether a pod may be evicted; unless it is a dry run, its budget is one pod smaller then. Throws TooManyRequests
   * where the budget does not allow it (now), and 500 for a pod with more than one budget.
   */
  async judge({ signal }: RequestContext, pod: Pod, dryRun: boolean): Promise<Verdict> {
    const context = systemContext(signal);
    const [budget, ...others] = await this.#budgetsOf(context, pod);
    if (!budget) return { kind: 'free' };
    if (others.length > 0) throw tooManyBudgets();
    const { name = '', namespace: ns = '' } = budget.metadata;
    if (!isReady(pod) && mayGoUnhealthy(budget)) return { kind: 'unhealthy', budget: name };
    const now = formatTime(this.#clock.now());
    const target = { ns, name, subresource: 'status', strategy: statusStrategy, options: { dryRun } };
    await this.#store().modify(context, target, (current) => {
      checkAllowed(current);
      decrement(current, pod, now);
    });
    return { kind: 'counted' };
  }

  async #budgetsOf(context: RequestContext, { metadata }: Pod): Promise<PodDisruptionBudget[]> {
    const { items } = await this.#store().list(context, metadata.namespace ?? '', {});
    const budgets = items.map(({ object }) => object as PodDisruptionBudget);
    return budgets.filter((budget) => selects(budget, metadata.labels));
  }
}

/** The budget after the pod has gone. The controller is told of the pod, so that it does not count it as there. */
function decrement(budget: PodDisruptionBudget, { metadata }: Pod, now: string): void {
  const { status } = budget;
  status.disruptionsAllowed = (status.disruptionsAllowed ?? 0) - 1;
  if (status.disruptionsAllowed === 0) setExhausted(budget, now);
  status.disruptedPods = { ...status.disruptedPods, [metadata.name ?? '']: now };
}

/** A selector that is absent selects nothing, an empty one everything; one that cannot be read is passed over. */
function selects({ spec }: PodDisruptionBudget, labels: Record<string, string> | undefined): boolean {
  try {
    return selectorOf(spec.selector).matches(labels);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Who is unhealthy is no loss, as long as enough others are healthy, or if the budget does not mind at all. */
function mayGoUnhealthy({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

function checkAllowed(budget: PodDisruptionBudget): void {
  const { metadata, status } = budget;
  const { name = '', generation = 0 } = metadata;
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  const refuse = (why: string): Error => forbidden({ group: 'policy', plural: 'poddisruptionbudget' }, name, why);
  if (observedGeneration < generation) throw stillProcessed(name);
  if (disruptionsAllowed < 0) throw refuse('pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > maxDisruptedPods) {
    throw refuse('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (disruptionsAllowed === 0) throw exhausted(whyExhausted(budget));
}

function whyExhausted({ metadata, status }: PodDisruptionBudget): string {
  const { conditions = [], currentHealthy = 0, desiredHealthy = 0 } = status;
  const told = conditions.find(({ type, status, message }) => {
    return type === 'DisruptionAllowed' && status === 'False' && message !== '';
  });
  // The counts cannot be trusted when the controller could not make them.
  if (told?.reason === 'SyncFailed') {
    return `The disruption budget ${metadata.name} does not allow evicting pods currently because it failed sync: ${told.message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  const plain = `The disruption budget ${metadata.name} does not allow evicting pods currently`;
  return told ? `${plain} (${told.reason}): ${told.message}` : plain;
}

/** The budget's own word on whether it allows anything (`UpdateDisruptionAllowedCondition`). */
function setExhausted({ status }: PodDisruptionBudget, now: string): void {
  const before = status.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    ...(status.observedGeneration && { observedGeneration: status.observedGeneration }),
    lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : now,
    reason: 'InsufficientPods',
    message: '',
  };
  const others = (status.conditions ?? []).filter((one) => one !== before);
  status.conditions = [...others, condition];
}

/** 429: the controller has yet to say what the budget allows; try again soon. */
export function stillProcessed(name: string): StatusError {
  return exhausted(`The disruption budget ${name} is still being processed by the server.`, retryAfterSeconds);
}

function exhausted(why: string, retryAfterSeconds?: number): StatusError {
  return generic({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: 'DisruptionBudget', message: why }],
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  });
}

/** Upstream gives no reason with this one. */
function tooManyBudgets(): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    code: 500,
  });
}
