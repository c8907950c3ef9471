import type { Clock } from '#base';
import type { Deployment, DeploymentCondition, ReplicaSet } from '#api';
import { formatTime, nameOf, parseTime } from '#machinery';
import { conditionOf } from '../objects.ts';

type Status = Deployment['status'];
export type Conditions = Status['conditions'];

const noDeadline = 2 ** 31 - 1;

export function progressingOf(status: Status): DeploymentCondition | undefined {
  return conditionOf(status.conditions, 'Progressing');
}

export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline;
}

export function deadlineMs({ spec }: Deployment): number {
  return (spec.progressDeadlineSeconds ?? 0) * 1000;
}

export function newCondition(
  clock: Clock,
  facts: Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>,
): DeploymentCondition {
  const now = formatTime(clock.now());
  return { ...facts, lastUpdateTime: now, lastTransitionTime: now };
}

/** The conditions with this one, unless one of the same status and reason is there: then that stays (`SetDeploymentCondition`). */
export function setCondition(conditions: Conditions, next: DeploymentCondition): Conditions {
  const known = conditionOf(conditions, next.type);
  if (known && known.status === next.status && known.reason === next.reason) return conditions;
  return replaceCondition(conditions, next);
}

/** The conditions with this one in any case; the transition time stays when the status does. */
export function replaceCondition(conditions: Conditions, next: DeploymentCondition): Conditions {
  const known = conditionOf(conditions, next.type);
  const kept = known?.status === next.status ? { ...next, lastTransitionTime: known.lastTransitionTime } : next;
  return [...removeCondition(conditions, next.type), kept];
}

export function removeCondition(conditions: Conditions, type: string): DeploymentCondition[] {
  return (conditions ?? []).filter((one) => one.type !== type);
}

/** Whether every pod is of the present template and serves. */
export function isComplete({ spec: { replicas = 1 }, metadata }: Deployment, status: Status): boolean {
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

function hasProgressed(before: Status, now: Status): boolean {
  const outdated = (status: Status): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    outdated(now) < outdated(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, status: Status, nowMs: number): boolean {
  const progressing = progressingOf(status);
  if (!progressing || progressing.reason === 'NewReplicaSetAvailable') return false;
  if (progressing.reason === 'ProgressDeadlineExceeded') return true;
  return parseTime(progressing.lastUpdateTime ?? '') + deadlineMs(deployment) < nowMs;
}

/** The conditions after this round of a rollout (`pkg/controller/deployment/progress.go`). */
export function rolloutConditions(
  deployment: Deployment,
  status: Status,
  { sets, latest, clock }: { sets: readonly ReplicaSet[]; latest: ReplicaSet | undefined; clock: Clock },
): Conditions {
  const progressed = progressConditions(deployment, status, latest, clock);
  const failure = failureOf(sets, latest);
  return failure ? setCondition(progressed, failure) : removeCondition(progressed, 'ReplicaFailure');
}

function progressConditions(
  deployment: Deployment,
  status: Status,
  latest: ReplicaSet | undefined,
  clock: Clock,
): Conditions {
  if (!hasDeadline(deployment)) return removeCondition(status.conditions, 'Progressing');
  const who = latest ? `ReplicaSet "${nameOf(latest)}"` : `Deployment "${nameOf(deployment)}"`;
  const progressing = (status: string, reason: string, message: string): DeploymentCondition =>
    newCondition(clock, { type: 'Progressing', status, reason, message });
  const reported = progressingOf(deployment.status)?.reason === 'NewReplicaSetAvailable';
  const settled = reported && (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
  if (settled) return status.conditions;
  if (isComplete(deployment, status)) {
    const done = progressing('True', 'NewReplicaSetAvailable', `${who} has successfully progressed.`);
    return setCondition(status.conditions, done);
  }
  if (hasProgressed(deployment.status, status)) {
    return replaceCondition(status.conditions, progressing('True', 'ReplicaSetUpdated', `${who} is progressing.`));
  }
  if (isTimedOut(deployment, status, clock.now())) {
    const late = progressing('False', 'ProgressDeadlineExceeded', `${who} has timed out progressing.`);
    return setCondition(status.conditions, late);
  }
  return status.conditions;
}

/** A replica set's failure is the deployment's; that of the present one counts first. */
function failureOf(sets: readonly ReplicaSet[], latest: ReplicaSet | undefined): DeploymentCondition | undefined {
  const candidates = latest ? [latest, ...sets] : sets;
  for (const { status } of candidates) {
    const failure = conditionOf(status.conditions, 'ReplicaFailure');
    if (failure?.status !== 'True') continue;
    const { type, reason, message, lastTransitionTime } = failure;
    return { type, status: failure.status, reason, message, lastTransitionTime, lastUpdateTime: lastTransitionTime };
  }
  return undefined;
}
