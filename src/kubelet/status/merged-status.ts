import type { Pod, PodStatus } from '#api';
import { kubeletConditions, resizeConditions } from './conditions.ts';

const own = new Set<string>([...kubeletConditions, ...resizeConditions]);

/** The status that was told last, with the conditions of others as the API has them now. */
export function mergedStatus(pod: Pod, told: PodStatus): PodStatus {
  const mine = (told.conditions ?? []).filter(({ type }) => own.has(type));
  const others = (pod.status.conditions ?? []).filter(({ type }) => !own.has(type));
  return { ...told, conditions: [...mine, ...others] };
}
