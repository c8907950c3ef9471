import type { Deployment, PodTemplateSpec, ReplicaSet } from '#api';
import { uidOf } from '#machinery';
import { byCreation, isSame, sumOf } from '../objects.ts';
import { templateHashLabel } from './pod-template-hash.ts';

/** The replica sets of a deployment: the one of its present template, if there is one, and those of the past. */
export interface Family {
  latest: ReplicaSet | undefined;
  old: readonly ReplicaSet[];
}

/** Sorts out which replica set is the deployment's present one: the oldest of those with its template. */
export function familyOf(deployment: Deployment, sets: readonly ReplicaSet[]): Family {
  const sorted = sets.toSorted(byCreation);
  const latest = sorted.find(({ spec }) => isSameTemplate(spec.template, deployment.spec.template));
  return { latest, old: sorted.filter((set) => set !== latest) };
}

/** All replica sets, the present one last. */
export function membersOf({ latest, old }: Family): ReplicaSet[] {
  return latest ? [...old, latest] : [...old];
}

/** The family with a member in its new state. */
export function withMember({ latest, old }: Family, changed: ReplicaSet): Family {
  const replace = (set: ReplicaSet): ReplicaSet => (uidOf(set) === uidOf(changed) ? changed : set);
  return { latest: latest && replace(latest), old: old.map(replace) };
}

/** Whether two templates make the same pods; the label that the controller itself adds does not count. */
export function isSameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return isSame(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplateSpec | undefined): unknown {
  const { [templateHashLabel]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...(template && { spec: template.spec }), metadata: { ...template?.metadata, labels } };
}

/** How many pods the set is to have. */
export function wantedBy(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

export function wantedByAll(sets: Iterable<ReplicaSet>): number {
  return sumOf(sets, wantedBy);
}

export function isActive(set: ReplicaSet): boolean {
  return wantedBy(set) > 0;
}
