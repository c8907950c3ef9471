import type { Pod, PodCondition } from '#api';

/** Sets one of a pod's conditions, in place and in its place; the time of its last change moves only when its status does. */
export function setPodCondition(pod: Pod, condition: PodCondition, now: string): void {
  const { status } = pod;
  const before = status.conditions?.find((one) => one.type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
  const after = { ...condition, ...(lastTransitionTime && { lastTransitionTime }) };
  const kept = (status.conditions ?? []).map((one) => (one === before ? after : one));
  status.conditions = before ? kept : [...kept, after];
}
