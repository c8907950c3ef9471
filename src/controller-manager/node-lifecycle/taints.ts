import type { Node, Taint, Toleration } from '#api';
import { conditionOf } from '../objects.ts';

export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';

/** Which taint each status of each condition calls for. */
const taintsByCondition: readonly { condition: string; status: string; key: string }[] = [
  { condition: 'Ready', status: 'False', key: notReadyTaint },
  { condition: 'Ready', status: 'Unknown', key: unreachableTaint },
  { condition: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure' },
  { condition: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure' },
  { condition: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure' },
  { condition: 'NetworkUnavailable', status: 'True', key: 'node.kubernetes.io/network-unavailable' },
];
const unschedulableTaint = 'node.kubernetes.io/unschedulable';
const ownKeys = new Set([...taintsByCondition.map(({ key }) => key), unschedulableTaint]);

/**
 * The taints that a node should have. NoSchedule follows its conditions; NoExecute, which drives pods away, follows Ready
 * unless `mayEvict` is false. Taints of others stay; a taint that stays keeps its time.
 */
export function taintsOf(node: Node, { mayEvict, now }: { mayEvict: boolean; now: string }): Taint[] {
  const current = node.spec.taints ?? [];
  const wanted = [...noScheduleTaints(node), ...(mayEvict ? noExecuteTaints(node, now) : [])];
  const kept = current.filter((taint) => !isOwn(taint) || wanted.some((one) => isSameTaint(one, taint)));
  return [...kept, ...wanted.filter((one) => !kept.some((taint) => isSameTaint(one, taint)))];
}

function noScheduleTaints({ spec, status }: Node): Taint[] {
  const keys = taintsByCondition
    .filter(({ condition, status: when }) => conditionOf(status.conditions, condition)?.status === when)
    .map(({ key }) => key);
  // A node that never told anything is not ready either (admission gave it the taint).
  if (!conditionOf(status.conditions, 'Ready')) keys.push(notReadyTaint);
  if (spec.unschedulable) keys.push(unschedulableTaint);
  return keys.map((key) => ({ key, effect: 'NoSchedule' }));
}

function noExecuteTaints({ status }: Node, timeAdded: string): Taint[] {
  const ready = conditionOf(status.conditions, 'Ready')?.status;
  if (ready === 'False') return [{ key: notReadyTaint, effect: 'NoExecute', timeAdded }];
  if (ready === 'Unknown') return [{ key: unreachableTaint, effect: 'NoExecute', timeAdded }];
  return [];
}

function isOwn({ key, effect }: Taint): boolean {
  if (effect === 'NoExecute') return key === notReadyTaint || key === unreachableTaint;
  return effect === 'NoSchedule' && ownKeys.has(key);
}

function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

/** Whether the toleration is about this taint (`Toleration.ToleratesTaint`). */
export function tolerates({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || (operator === 'Equal' && value === (taint.value ?? ''));
}

/**
 * How long a pod may stay on a node with these NoExecute taints, in milliseconds after now: 0 when it must go at once,
 * undefined when it may stay for ever.
 */
export function stayMs(tolerations: readonly Toleration[], taints: readonly Taint[]): number | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
    if (matching.length === 0) return 0;
    used.push(...matching);
  }
  const seconds = used.map(({ tolerationSeconds }) => tolerationSeconds).filter((one) => one !== undefined);
  return seconds.length === 0 ? undefined : Math.max(0, Math.min(...seconds)) * 1000;
}
