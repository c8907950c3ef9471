import type { Clock } from '#base';
import type { Pod } from '#api';
import { messageOf } from '#base';
import { formatTime, selectorOfMap } from '#machinery';
import { conditionOf, copyWith } from '../objects.ts';
import { isPodAvailable, isPodEnded, isPodReady } from '../pods.ts';
import type { Replicated } from './kind.ts';

type Status = Replicated['status'];

interface Observed {
  set: Replicated;
  /** Pods that count as replicas. */
  active: readonly Pod[];
  /** Pods of the set that were deleted and are still there; undefined where its status does not count them. */
  terminating: readonly Pod[] | undefined;
  /** Why pods could not be created or deleted this time. */
  failure: { kind: 'FailedCreate' | 'FailedDelete'; error: unknown } | undefined;
  clock: Clock;
}

/** What the status of a set of equal pods should say (`pkg/controller/replicaset/replica_set_utils.go`). */
export function statusOf(observed: Observed): Status {
  const { set, active, terminating, clock } = observed;
  const { minReadySeconds = 0, template } = set.spec;
  const labels = selectorOfMap(template?.metadata?.labels);
  const counts = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => labels.matches(pod.metadata.labels)).length,
    readyReplicas: active.filter(isPodReady).length,
    availableReplicas: active.filter((pod) => isPodAvailable(pod, minReadySeconds, clock.now())).length,
    ...(terminating && { terminatingReplicas: terminating.filter((pod) => !isPodEnded(pod)).length }),
    observedGeneration: set.metadata.generation,
  };
  return copyWith(set.status, { ...counts, conditions: conditionsAfter(observed) });
}

/** A failure stays as it was first told; success takes it away. */
function conditionsAfter({ set, failure, clock }: Observed): Status['conditions'] {
  const conditions = set.status.conditions;
  const known = conditionOf(conditions, 'ReplicaFailure');
  if (!failure) return known ? conditions?.filter((one) => one !== known) : conditions;
  if (known) return conditions;
  const condition = {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: formatTime(clock.now()),
    reason: failure.kind,
    message: messageOf(failure.error),
  };
  return [...(conditions ?? []), condition];
}
