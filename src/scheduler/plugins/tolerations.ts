import type { Taint, Toleration } from '#api';
import { parseInt64 } from './int64.ts';

/** Whether a toleration lets a pod live with a taint (`k8s.io/component-helpers/scheduling/corev1`). */
export function tolerates(toleration: Toleration, taint: Pick<Taint, 'key' | 'effect'> & { value?: string }): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration;
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  if (operator === 'Equal') return value === (taint.value ?? '');
  return comparesNumbers(operator, taint.value ?? '', value);
}

/** `Gt` and `Lt` compare the taint's value with the toleration's as whole numbers (KEP-5471). */
function comparesNumbers(operator: string, taintValue: string, tolerationValue: string): boolean {
  const [taint, toleration] = [parseInt64(taintValue), parseInt64(tolerationValue)];
  if (taint === undefined || toleration === undefined) return false;
  return operator === 'Gt' ? taint > toleration : operator === 'Lt' && taint < toleration;
}

/** The first taint of these effects that no toleration covers. */
export function untoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly string[],
): Taint | undefined {
  return taints?.find((taint) => effects.includes(taint.effect) && !tolerations?.some((one) => tolerates(one, taint)));
}
