import type { Pod } from '#api';
import type { Informer } from '#client';
import { controllerOf, namespaceOf, parseTime, uidOf, type HasMeta } from '#machinery';
import { conditionOf } from './objects.ts';

/** Whether the pod's Ready condition is True. */
export function isPodReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, 'Ready')?.status === 'True';
}

/** Whether the pod has ended and will not run again. */
export function isPodEnded(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

/** Whether the pod counts as a replica: it has not ended and nobody has deleted it. */
export function isPodActive(pod: Pod): boolean {
  return !isPodEnded(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Since when the pod is ready, in milliseconds; undefined when it is not. */
export function readySinceMs(pod: Pod): number | undefined {
  const ready = conditionOf(pod.status.conditions, 'Ready');
  if (ready?.status !== 'True') return undefined;
  return ready.lastTransitionTime ? parseTime(ready.lastTransitionTime) : 0;
}

/** Whether the pod has been ready for long enough. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const sinceMs = readySinceMs(pod);
  if (sinceMs === undefined) return false;
  return minReadySeconds === 0 || sinceMs + minReadySeconds * 1000 <= nowMs;
}

const byController = 'controller';

/** Makes `ownedOrOrphaned` and `owned` fast for this informer. */
export function indexByController<T extends HasMeta & { apiVersion?: string; kind?: string }>(
  informer: Informer<T>,
): void {
  informer.addIndex(byController, (object) => [controllerOf(object)?.uid ?? orphansIn(namespaceOf(object))]);
}

/** The objects that this owner controls. */
export function owned<T extends HasMeta>(informer: Informer<T>, ownerUid: string): T[] {
  return informer.byIndex(byController, ownerUid);
}

/** What this owner controls, and what nobody controls in its namespace. */
export function ownedOrOrphaned<T extends HasMeta>(informer: Informer<T>, owner: HasMeta): T[] {
  return [...owned(informer, uidOf(owner)), ...informer.byIndex(byController, orphansIn(namespaceOf(owner)))];
}

/** A uid holds no slash. */
function orphansIn(namespace: string): string {
  return `${namespace}/`;
}
