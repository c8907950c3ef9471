import type { Clock } from '#base';
import type { Pod, ReplicaSet } from '#api';
import { messageOf } from '#base';
import { formatTime, selectorOfMap } from '#machinery';
import { conditionOf, copyWith } from '../objects.ts';
import { isPodAvailable, isPodEnded, isPodReady } from '../pods.ts';

type Status = ReplicaSet['status'];

interface Observed {
  replicaSet: ReplicaSet;
  /** Pods that count as replicas. */
  active: readonly Pod[];
  /** Pods of the set that were deleted and are still there. */
  terminating: readonly Pod[];
  /** Why pods could not be created or deleted this time. */
  failure: { kind: 'FailedCreate' | 'FailedDelete'; error: unknown } | undefined;
  clock: Clock;
}

/** What the status of a replica set should say (`pkg/controller/replicaset/replica_set_utils.go`). */
export function statusOf(observed: Observed): Status {
  const { replicaSet, active, terminating, clock } = observed;
  const { minReadySeconds = 0, template } = replicaSet.spec;
  const labels = selectorOfMap(template?.metadata?.labels);
  const counts = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => labels.matches(pod.metadata.labels)).length,
    readyReplicas: active.filter(isPodReady).length,
    availableReplicas: active.filter((pod) => isPodAvailable(pod, minReadySeconds, clock.now())).length,
    terminatingReplicas: terminating.filter((pod) => !isPodEnded(pod)).length,
    observedGeneration: replicaSet.metadata.generation,
  };
  return copyWith(replicaSet.status, { ...counts, conditions: conditionsAfter(observed) });
}

/** A failure stays as it was first told; success takes it away. */
function conditionsAfter({ replicaSet, failure, clock }: Observed): Status['conditions'] {
  const conditions = replicaSet.status.conditions;
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
