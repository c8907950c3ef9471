import type { Deployment, ReplicaSet } from '#api';
import { fencepostsOf } from './fenceposts.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

type Annotations = Record<string, string>;

/** What a deployment does not hand down to its replica sets. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The revision that an object carries; 0 when it carries none. An int64, which a number cannot hold. */
export function revisionOf({ metadata }: { metadata: { annotations?: Annotations } }): bigint {
  const text = metadata.annotations?.[revisionAnnotation] ?? '';
  const revision = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace(/^\+/, '')) : 0n;
  return BigInt.asIntN(64, revision) === revision ? revision : 0n;
}

/** The revision of what comes after these. */
export function nextRevision(old: readonly ReplicaSet[]): bigint {
  return old.map(revisionOf).reduce((highest, one) => (one > highest ? one : highest), 0n) + 1n;
}

/**
 * The annotations of the present replica set: the deployment's, and the revision. A set that gets a new revision has been
 * rolled back to; the revisions that it had are kept as history.
 */
export function annotationsOfLatest(
  deployment: Deployment,
  known: Annotations | undefined,
  revision: bigint,
): Annotations {
  const inherited = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name));
  const annotations: Annotations = { ...known, ...Object.fromEntries(inherited) };
  const before = known?.[revisionAnnotation];
  // Old sets may have been deleted since, then the set's own revision is higher: revisions never go down.
  if (revisionOf({ metadata: { annotations: known } }) >= revision) return annotations;
  annotations[revisionAnnotation] = String(revision);
  if (before !== undefined) {
    const history = known?.[historyAnnotation];
    annotations[historyAnnotation] = history ? `${history},${before}` : before;
  }
  return annotations;
}

/** What a replica set needs to know of its deployment's size, to be scaled in proportion later. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const replicas = deployment.spec.replicas ?? 1;
  return {
    [desiredAnnotation]: String(replicas),
    [maxAnnotation]: String(replicas + fencepostsOf(deployment).maxSurge),
  };
}

/** The deployment's size when the set was last scaled; undefined when it does not say. */
export function desiredOf(set: ReplicaSet): number | undefined {
  return numberIn(set, desiredAnnotation);
}

/** The deployment's size with surge when the set was last scaled; undefined when it does not say. */
export function maxOf(set: ReplicaSet): number | undefined {
  return numberIn(set, maxAnnotation);
}

function numberIn({ metadata }: ReplicaSet, name: string): number | undefined {
  const value = Number(metadata.annotations?.[name] ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : undefined;
}
