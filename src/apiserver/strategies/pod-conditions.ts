import type { Pod, PodCondition } from '#api';

/** Sets one of a pod's conditions, in place; the time of its last change moves only when its status does. */
export function setPodCondition(pod: Pod, condition: PodCondition, now: string): void {
  const { status } = pod;
  const before = status.conditions?.find((one) => one.type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
  const others = (status.conditions ?? []).filter((one) => one !== before);
  status.conditions = [...others, { ...condition, ...(lastTransitionTime && { lastTransitionTime }) }];
}
