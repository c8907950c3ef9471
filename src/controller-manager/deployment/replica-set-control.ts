import { messageOf } from '#base';
import { deployments, replicaSets, type Deployment, type ReplicaSet } from '#api';
import { isNamespaceTerminating } from '#client';
import { controllerOf, isStatusError, joinKey, nameOf, namespaceOf, ownerReferenceTo, uidOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSame } from '../objects.ts';
import { annotationsOfLatest, nextRevision, revisionAnnotation, revisionOf, sizeAnnotations } from './annotations.ts';
import { hasDeadline, newCondition, progressingOf, setCondition } from './conditions.ts';
import { growLatest, type Scale } from './plan.ts';
import { podTemplateHash, templateHashLabel } from './pod-template-hash.ts';
import { isSameTemplate, wantedBy, type Family } from './replica-sets.ts';

/** Gives a replica set its size, and tells so when that changed. Returns the set as it is now. */
export async function scale(
  deployment: Deployment,
  { set, replicas }: Scale,
  context: ControllerContext,
): Promise<ReplicaSet> {
  const before = wantedBy(set);
  const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
  if (before === replicas && isSame(annotations, set.metadata.annotations)) return set;
  const metadata = copyWith(set.metadata, { annotations });
  const changed = copyWith(set, { metadata, spec: copyWith(set.spec, { replicas }) });
  const scaled = await context.client.of(replicaSets).update(changed);
  if (before !== replicas) tellScaled(deployment, nameOf(set), before, replicas, context);
  return scaled;
}

function tellScaled(
  deployment: Deployment,
  set: string,
  before: number,
  after: number,
  { events }: ControllerContext,
): void {
  const direction = after > before ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set} from ${before} to ${after}`;
  events.event(deployment, 'Normal', 'ScalingReplicaSet', message);
}

/** The revision that the deployment's present template has, written to the deployment. Returns the deployment as it is now. */
export async function writeRevision(
  deployment: Deployment,
  revision: string,
  context: ControllerContext,
): Promise<Deployment> {
  if (deployment.metadata.annotations?.[revisionAnnotation] === revision) return deployment;
  const patch = { metadata: { uid: uidOf(deployment), annotations: { [revisionAnnotation]: revision } } };
  return context.client.of(deployments).in(namespaceOf(deployment)).patch(nameOf(deployment), patch);
}

/** What the step of the present replica set left: the deployment and the set as they are now. */
export interface WithLatest {
  deployment: Deployment;
  latest: ReplicaSet | undefined;
}

/** Brings annotations of the present set, and the deployment's revision, up to date; no set is made. */
export async function syncLatest(
  deployment: Deployment,
  family: Family,
  context: ControllerContext,
): Promise<WithLatest> {
  const { latest, old } = family;
  if (!latest) return { deployment, latest };
  const { minReadySeconds = 0 } = deployment.spec;
  const annotations = annotationsOfLatest(deployment, latest.metadata.annotations, nextRevision(old));
  let set = latest;
  if (!isSame(annotations, latest.metadata.annotations) || (latest.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const metadata = copyWith(latest.metadata, { annotations });
    const changed = copyWith(latest, { metadata, spec: copyWith(latest.spec, { minReadySeconds }) });
    set = await context.client.of(replicaSets).update(changed);
  }
  const marked = await writeRevision(deployment, String(revisionOf(set)), context);
  if (!hasDeadline(marked) || progressingOf(marked.status)) return { deployment: marked, latest: set };
  const found = { type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet' } as const;
  const message = `Found new replica set "${nameOf(set)}"`;
  return { deployment: await report(marked, { ...found, message }, context), latest: set };
}

/** As `syncLatest`; a present set that is not there is made, with as many pods as may be now. */
export async function ensureLatest(
  deployment: Deployment,
  family: Family,
  context: ControllerContext,
): Promise<WithLatest> {
  if (family.latest) return syncLatest(deployment, family, context);
  const set = newSet(deployment, family);
  try {
    const created = await context.client.of(replicaSets).create(set);
    return await announce(deployment, created, context);
  } catch (error) {
    if (isStatusError(error, 'AlreadyExists')) return resolveCollision(deployment, set, context, error);
    if (!isNamespaceTerminating(error)) await reportFailure(deployment, nameOf(set), error, context);
    throw error;
  }
}

function newSet(deployment: Deployment, family: Family) {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = podTemplateHash(template, deployment.status.collisionCount);
  const hashLabel = { [templateHashLabel]: hash };
  const labels = { ...template.metadata?.labels, ...hashLabel };
  const annotations = annotationsOfLatest(deployment, undefined, nextRevision(family.old));
  return {
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: { ...annotations, ...sizeAnnotations(deployment) },
      ownerReferences: [ownerReferenceTo(deployment, deployments)],
    },
    spec: {
      replicas: growLatest(deployment, { ...family, latest: undefined }),
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hashLabel } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

async function announce(deployment: Deployment, created: ReplicaSet, context: ControllerContext): Promise<WithLatest> {
  const name = nameOf(created);
  if (wantedBy(created) > 0) tellScaled(deployment, name, 0, wantedBy(created), context);
  const marked = await writeRevision(deployment, String(revisionOf(created)), context);
  if (!hasDeadline(marked)) return { deployment: marked, latest: created };
  const made = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated' } as const;
  const message = `Created new replica set "${name}"`;
  return { deployment: await report(marked, { ...made, message }, context), latest: created };
}

/** The name is taken: by a set of ours that the lister does not show yet, or by a stranger, then the hash needs another turn. */
async function resolveCollision(
  deployment: Deployment,
  wanted: { metadata: { name: string } },
  context: ControllerContext,
  error: unknown,
): Promise<WithLatest> {
  const { client } = context;
  const there = await client.of(replicaSets).in(namespaceOf(deployment)).get(wanted.metadata.name);
  const isOurs = controllerOf(there)?.uid === uidOf(deployment);
  if (isOurs && isSameTemplate(there.spec.template, deployment.spec.template)) {
    return { deployment: await writeRevision(deployment, String(revisionOf(there)), context), latest: there };
  }
  const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
  const status = copyWith(deployment.status, { collisionCount });
  await client.of(deployments).updateStatus(copyWith(deployment, { status }));
  const key = joinKey(namespaceOf(deployment), nameOf(deployment));
  throw new Error(`the name ${wanted.metadata.name} for the replica set of ${key} is taken`, { cause: error });
}

async function reportFailure(
  deployment: Deployment,
  set: string,
  error: unknown,
  context: ControllerContext,
): Promise<void> {
  const message = `Failed to create new replica set "${set}": ${messageOf(error)}`;
  const failed = { type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError' } as const;
  if (hasDeadline(deployment)) await report(deployment, { ...failed, message }, context);
  context.events.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
}

/** Writes one condition at once, before the round is over; returns the deployment as it is now. */
export async function report(
  deployment: Deployment,
  facts: Parameters<typeof newCondition>[1],
  { client, clock }: ControllerContext,
): Promise<Deployment> {
  const conditions = setCondition(deployment.status.conditions, newCondition(clock, facts));
  if (conditions === deployment.status.conditions) return deployment;
  const status = copyWith(deployment.status, { conditions });
  return client.of(deployments).updateStatus(copyWith(deployment, { status }));
}
