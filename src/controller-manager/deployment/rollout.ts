import { deployments, replicaSets, type Deployment, type Pod } from '#api';
import type { Informer } from '#client';
import { isStatusError, nameOf, namespaceOf, uidOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSameStatus, sumOf } from '../objects.ts';
import { isPodEnded, owned } from '../pods.ts';
import { revisionOf } from './annotations.ts';
import { isComplete, rolloutConditions } from './conditions.ts';
import { growLatest, rescale, shrinkOld, type Scale } from './plan.ts';
import { isActive, membersOf, wantedBy, withMember, type Family } from './replica-sets.ts';
import { ensureLatest, scale, syncLatest } from './replica-set-control.ts';
import { statusOf } from './status.ts';

/** One deployment with its replica sets, as one round of reconciliation carries it along. */
export interface Round {
  deployment: Deployment;
  family: Family;
}

/** Writes only the status: for a deployment that is being deleted. */
export async function syncStatusOnly(round: Round, context: ControllerContext): Promise<void> {
  const { deployment, family } = round;
  await writeStatus(deployment, statusOf(deployment, family, context.clock), context);
}

/** Follows a change of size, in the middle of a rollout or while paused; rolls nothing out. */
export async function syncScale(round: Round, context: ControllerContext): Promise<void> {
  const { deployment, latest } = await syncLatest(round.deployment, round.family, context);
  const family = { ...round.family, latest };
  const scaled = await scaleAll({ deployment, family }, rescale(deployment, family), context);
  if (deployment.spec.paused) await cleanUp(scaled, context);
  await writeStatus(deployment, statusOf(deployment, scaled.family, context.clock), context);
}

/** Replaces pods of old templates step by step, each step within the fenceposts. */
export async function rollingUpdate(round: Round, context: ControllerContext): Promise<Deployment> {
  const { deployment, latest } = await ensureLatest(round.deployment, round.family, context);
  const now = { deployment, family: { ...round.family, latest } };
  if (latest) {
    const replicas = growLatest(deployment, now.family);
    if (replicas !== wantedBy(latest))
      return finish(await scaleAll(now, [{ set: latest, replicas }], context), context);
  }
  const shrinking = shrinkOld(deployment, now.family);
  return finish(await scaleAll(now, shrinking, context), context);
}

/** Takes all old pods down, waits until they are gone, then makes the new ones. */
export async function recreate(
  round: Round,
  podInformer: Informer<Pod>,
  context: ControllerContext,
): Promise<Deployment> {
  const { deployment, latest } = await syncLatest(round.deployment, round.family, context);
  const now = { deployment, family: { ...round.family, latest } };
  const shrinking = now.family.old.filter(isActive).map((set) => ({ set, replicas: 0 }));
  if (shrinking.length > 0) return finish(await scaleAll(now, shrinking, context), context);
  if (oldPodsRemain(now.family, podInformer)) return finish(now, context);
  const made = await ensureLatest(deployment, now.family, context);
  const next = { deployment: made.deployment, family: { ...now.family, latest: made.latest } };
  const growing: Scale[] = made.latest ? [{ set: made.latest, replicas: deployment.spec.replicas ?? 1 }] : [];
  return finish(await scaleAll(next, growing, context), context);
}

/** Whether a pod of an old template is there that has not ended: it may still hold what the new pods need. */
function oldPodsRemain({ old }: Family, podInformer: Informer<Pod>): boolean {
  if (sumOf(old, ({ status }) => status.replicas) > 0) return true;
  return old.some((set) => owned(podInformer, uidOf(set)).some((pod) => !isPodEnded(pod)));
}

async function scaleAll(round: Round, plan: readonly Scale[], context: ControllerContext): Promise<Round> {
  let { family } = round;
  for (const step of plan) family = withMember(family, await scale(round.deployment, step, context));
  return { ...round, family };
}

/** Ends a round of a rollout: tells how it goes, and forgets old templates when it is done. Returns the deployment as told. */
async function finish(round: Round, context: ControllerContext): Promise<Deployment> {
  const { deployment, family } = round;
  if (isComplete(deployment, deployment.status)) await cleanUp(round, context);
  const status = statusOf(deployment, family, context.clock);
  const told = { sets: membersOf(family), latest: family.latest, clock: context.clock };
  const conditions = rolloutConditions(deployment, status, told);
  return writeStatus(deployment, copyWith(status, { conditions }), context);
}

async function writeStatus(
  deployment: Deployment,
  status: Deployment['status'],
  { client }: ControllerContext,
): Promise<Deployment> {
  if (isSameStatus(status, deployment.status)) return deployment;
  return client.of(deployments).updateStatus(copyWith(deployment, { status }));
}

/** Deletes the oldest of the old replica sets beyond `revisionHistoryLimit`, as far as they are empty. */
async function cleanUp({ deployment, family }: Round, { client }: ControllerContext): Promise<void> {
  const limit = deployment.spec.revisionHistoryLimit;
  if (limit === undefined) return;
  const old = family.old.filter(({ metadata }) => !metadata.deletionTimestamp);
  const oldestFirst = old.toSorted((a, b) => Number(revisionOf(a) - revisionOf(b)));
  for (const set of oldestFirst.slice(0, Math.max(0, old.length - limit))) {
    const unseen = (set.metadata.generation ?? 0) > (set.status.observedGeneration ?? 0);
    if ((set.status.replicas ?? 0) > 0 || wantedBy(set) > 0 || unseen) continue;
    try {
      await client
        .of(replicaSets)
        .in(namespaceOf(set))
        .delete(nameOf(set), { preconditions: { uid: uidOf(set) } });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }
}
