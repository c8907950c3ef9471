import type { PodCondition, PodStatus } from '#api';
import { kubeletConditions, resizeConditions } from './conditions.ts';

type Patch = Record<string, unknown>;

/**
 * Whether two JSON values say the same. What is empty says the same as what is not there: the API drops the one or adds the
 * other, by the field's Go type.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  return [...new Set([...left.keys(), ...right.keys()])].every((key) => sameJson(left.get(key), right.get(key)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
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
  const [known, conditions] = [ownConditions(before), ownConditions(after)];
  if (!sameJson(known, conditions))
    patch['conditions'] = [...conditions.map((one) => replacing(known, one)), ...gone(known, conditions)];
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** Conditions are merged field by field: what is no longer said must be taken back. */
function replacing(known: readonly PodCondition[], condition: PodCondition): Patch {
  const before = known.find(({ type }) => type === condition.type);
  return {
    ...(before?.reason && { reason: null }),
    ...(before?.message && { message: null }),
    ...condition,
  };
}

function gone(known: readonly PodCondition[], conditions: readonly PodCondition[]): Patch[] {
  const isGone = ({ type }: PodCondition): boolean => !conditions.some((one) => one.type === type);
  return known.filter(isGone).map(({ type }) => ({ type, $patch: 'delete' }));
}

function replacedIps(before: readonly { ip?: string }[], after: readonly { ip?: string }[]): unknown[] {
  const gone = before.filter(({ ip }) => !after.some((other) => other.ip === ip));
  return [...after, ...gone.map(({ ip }) => ({ ip, $patch: 'delete' }))];
}

function ownConditions({ conditions = [] }: PodStatus): PodCondition[] {
  return [...kubeletConditions, ...resizeConditions].flatMap(
    (type) => conditions.find((condition) => condition.type === type) ?? [],
  );
}
