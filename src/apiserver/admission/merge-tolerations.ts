import type { Toleration } from '#api';
import { isEqualJson } from '#machinery';

/** Leaves out the tolerations that others cover; of equal ones the first stays (`pkg/util/tolerations`). */
export function mergeTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = [];
  for (const [at, one] of all.entries()) {
    const isCovered =
      merged.some((other) => covers(other, one)) ||
      all.slice(at + 1).some((later) => !isEqualJson(later, one) && covers(later, one));
    if (!isCovered) merged.push(one);
  }
  return merged;
}

/** Whether `wide` bears every taint that `one` bears, for as long. */
function covers(wide: Toleration, one: Toleration): boolean {
  if (isEqualJson(wide, one)) return true;
  const isForAllKeys = !wide.key && wide.operator === 'Exists';
  if ((one.key ?? '') !== (wide.key ?? '') && !isForAllKeys) return false;
  if (wide.effect && one.effect !== wide.effect) return false;
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (one.tolerationSeconds === undefined || one.tolerationSeconds > wide.tolerationSeconds) return false;
  }
  if (wide.operator === 'Exists') return true;
  const isEqual = !wide.operator || wide.operator === 'Equal';
  return isEqual && one.operator === 'Equal' && (one.value ?? '') === (wide.value ?? '');
}
