import type { PodCondition, PodStatus } from '#api';
import { kubeletConditions } from './conditions.ts';

type Patch = Record<string, unknown>;

/** Whether two JSON values say the same. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)));
}

const lists = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;
const scalars = [
  'observedGeneration',
  'phase',
  'reason',
  'message',
  'hostIP',
  'podIP',
  'startTime',
  'qosClass',
] as const;

/**
 * The strategic merge patch that turns the status the API has into ours, undefined when there is nothing to say. Conditions
 * that the kubelet does not own are never in it.
 */
export function statusPatch(before: PodStatus, after: PodStatus): Patch | undefined {
  const patch: Patch = {};
  for (const key of [...scalars, ...lists]) {
    if (!sameJson(before[key], after[key])) patch[key] = after[key] ?? null;
  }
  for (const key of ['podIPs', 'hostIPs'] as const) {
    if (!sameJson(before[key] ?? [], after[key] ?? [])) patch[key] = replacedIps(before[key] ?? [], after[key] ?? []);
  }
  const conditions = ownConditions(after);
  if (!sameJson(ownConditions(before), conditions)) patch['conditions'] = conditions;
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function replacedIps(before: readonly { ip?: string }[], after: readonly { ip?: string }[]): unknown[] {
  const gone = before.filter(({ ip }) => !after.some((other) => other.ip === ip));
  return [...after, ...gone.map(({ ip }) => ({ ip, $patch: 'delete' }))];
}

function ownConditions({ conditions = [] }: PodStatus): PodCondition[] {
  return kubeletConditions.flatMap((type) => conditions.find((condition) => condition.type === type) ?? []);
}
