import type { Deployment, ReplicaSet } from '#api';
import { nameOf } from '#machinery';
import { byCreation, sumOf } from '../objects.ts';
import { desiredOf, maxOf } from './annotations.ts';
import { fencepostsOf } from './fenceposts.ts';
import { isActive, membersOf, wantedBy, wantedByAll, type Family } from './replica-sets.ts';

/** One replica set and the size that it should get. */
export interface Scale {
  set: ReplicaSet;
  replicas: number;
}

/** The size for the present replica set in a rollout: as much as the surge allows now (`NewRSNewReplicas`). */
export function growLatest(deployment: Deployment, { latest, old }: Family): number {
  const { replicas = 1, strategy } = deployment.spec;
  if (strategy?.type === 'Recreate') return replicas;
  const mine = latest ? wantedBy(latest) : 0;
  if (mine > replicas) return replicas;
  const total = mine + wantedByAll(old);
  const room = replicas + fencepostsOf(deployment).maxSurge - total;
  if (room <= 0) return mine;
  return mine + Math.min(room, replicas - mine);
}

/**
 * The sizes for the old replica sets in a rolling update. Pods that do not serve anyway go first, then as many of the
 * serving as may be missing (`reconcileOldReplicaSets`). Never below `replicas - maxUnavailable` serving pods, and pods of
 * the present set that do not serve yet count as missing already.
 */
export function shrinkOld(deployment: Deployment, family: Family): Scale[] {
  const all = membersOf(family);
  const minAvailable = (deployment.spec.replicas ?? 1) - fencepostsOf(deployment).maxUnavailable;
  const { latest } = family;
  const unavailableLatest = latest ? wantedBy(latest) - (latest.status.availableReplicas ?? 0) : 0;
  const mayGo = wantedByAll(all) - minAvailable - unavailableLatest;
  if (wantedByAll(family.old) === 0 || mayGo <= 0) return [];
  const sizes = new Map(family.old.filter(isActive).map((set) => [set, wantedBy(set)]));
  shrinkBroken(sizes, mayGo);
  shrinkServing(sizes, sumOf(all, ({ status }) => status.availableReplicas) - minAvailable);
  return changesIn(sizes);
}

function shrinkBroken(sizes: Map<ReplicaSet, number>, mayGo: number): void {
  let left = mayGo;
  for (const [set, size] of [...sizes].sort(([a], [b]) => byCreation(a, b))) {
    const broken = size - (set.status.availableReplicas ?? 0);
    const goes = Math.max(0, Math.min(left, broken));
    sizes.set(set, size - goes);
    left -= goes;
  }
}

function shrinkServing(sizes: Map<ReplicaSet, number>, mayGo: number): void {
  let left = mayGo;
  for (const [set, size] of [...sizes].sort(([a], [b]) => byCreation(a, b))) {
    const goes = Math.max(0, Math.min(left, size));
    sizes.set(set, size - goes);
    left -= goes;
  }
}

/**
 * The sizes after somebody changed the deployment's, outside of a rollout or in the middle of one (`scale`). With one
 * active set that one follows; when the present set serves all, the old ones go to 0; else all sets that are active share
 * the difference in proportion to their size, so that a bad template is not given all the new pods.
 */
export function rescale(deployment: Deployment, family: Family): Scale[] {
  const { replicas = 1, strategy } = deployment.spec;
  const active = membersOf(family).filter(isActive);
  if (active.length <= 1) {
    const set = active[0] ?? family.latest ?? family.old.toSorted(byCreation).at(-1);
    if (!set) return [];
    // Somebody may have scaled the set itself: then only its note of our size is behind.
    return wantedBy(set) !== replicas || (isActive(set) && desiredOf(set) !== replicas) ? [{ set, replicas }] : [];
  }
  if (family.latest && isSaturated(deployment, family.latest)) {
    return family.old.filter(isActive).map((set) => ({ set, replicas: 0 }));
  }
  return strategy?.type === 'Recreate' ? [] : share(deployment, active);
}

/** Whether the present set has all the pods that the deployment wants, and all of them serve. */
function isSaturated({ spec: { replicas = 1 } }: Deployment, latest: ReplicaSet): boolean {
  return (
    desiredOf(latest) === replicas && wantedBy(latest) === replicas && latest.status.availableReplicas === replicas
  );
}

function share(deployment: Deployment, active: readonly ReplicaSet[]): Scale[] {
  const { replicas = 1 } = deployment.spec;
  const allowed = replicas > 0 ? replicas + fencepostsOf(deployment).maxSurge : 0;
  const toAdd = allowed - wantedByAll(active);
  // The largest first; of equals the newest gets more, and the oldest loses more.
  const newerFirst = (a: ReplicaSet, b: ReplicaSet): number => wantedBy(b) - wantedBy(a) || byCreation(b, a);
  const olderFirst = (a: ReplicaSet, b: ReplicaSet): number => wantedBy(b) - wantedBy(a) || byCreation(a, b);
  let left = toAdd;
  const shares = active.toSorted(toAdd > 0 ? newerFirst : olderFirst).map((set): Scale => {
    const fraction = fractionOf(set, deployment);
    const part = toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    const mine = toAdd === 0 ? 0 : part;
    left -= mine;
    return { set, replicas: wantedBy(set) + mine };
  });
  const [largest] = shares;
  if (largest) largest.replicas = Math.max(0, largest.replicas + left);
  return shares.filter(({ set, replicas: size }) => wantedBy(set) !== size || desiredOf(set) !== replicas);
}

/** The set's share of the change: its size in proportion to how the deployment's size changed. */
function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const { replicas = 1 } = deployment.spec;
  if (replicas === 0) return -wantedBy(set);
  const maxBefore = maxOf(set) || deployment.status.replicas || 0;
  if (maxBefore === 0) return -wantedBy(set);
  const maxNow = replicas + fencepostsOf(deployment).maxSurge;
  return Math.round((wantedBy(set) * maxNow) / maxBefore) - wantedBy(set);
}

/** Whether somebody changed the deployment's size since its active sets were last scaled. */
export function isScalingEvent(deployment: Deployment, family: Family): boolean {
  const { replicas = 1 } = deployment.spec;
  return membersOf(family).some((set) => isActive(set) && (desiredOf(set) ?? replicas) !== replicas);
}

function changesIn(sizes: ReadonlyMap<ReplicaSet, number>): Scale[] {
  return [...sizes]
    .filter(([set, replicas]) => wantedBy(set) !== replicas)
    .map(([set, replicas]) => ({ set, replicas }))
    .sort((a, b) => (nameOf(a.set) < nameOf(b.set) ? -1 : 1));
}
