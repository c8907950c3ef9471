import {
  amountsOf,
  isInScopesOf,
  leftOf,
  quotaEvaluatorOf,
  selectAmounts,
  showAmounts,
  sumOf,
  textsOf,
  type Amounts,
  type QuotaEvaluator,
  type ResourceQuota,
} from '#api';
import type { KubeObject } from '#machinery';
import type { Attributes } from '../plugin.ts';
import { refused } from '../refused.ts';

/** What a write uses of the namespace's quotas. */
export interface Charge {
  /** What is used of a quota once the write is charged; undefined where it is not about the write. Throws Forbidden. */
  usedAfter(quota: ResourceQuota): Record<string, string> | undefined;
}

/** The charge of a write; undefined where it uses nothing (more). */
export function chargeOf(attributes: Attributes, nowMs: number): Charge | undefined {
  const { object, old } = attributes;
  if (!object) return undefined;
  const evaluator = quotaEvaluatorOf(attributes.resource);
  const usage = evaluator.usage(object, nowMs);
  const negative = Object.keys(selectAmounts(usage, (_, amount) => amount.sign() < 0));
  if (negative.length > 0) {
    throw refused(attributes, `quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  }
  const more = old ? leftOf(usage, evaluator.usage(old, nowMs)) : usage;
  const wanted = selectAmounts(more, (_, amount) => !amount.isZero());
  return {
    usedAfter: (quota) =>
      concerns(quota, evaluator, object) ? charged(quota, wanted, attributes, evaluator) : undefined,
  };
}

/** Whether a quota limits what such an object uses, in its scopes. */
function concerns(quota: ResourceQuota, evaluator: QuotaEvaluator, object: KubeObject): boolean {
  const { hard = {} } = quota.status;
  return Object.keys(hard).some((name) => evaluator.counts(name)) && isInScopesOf(quota, evaluator, object);
}

function charged(
  { metadata: { name = '' }, status }: ResourceQuota,
  wanted: Amounts,
  attributes: Attributes,
  evaluator: QuotaEvaluator,
): Record<string, string> | undefined {
  const [hard, used] = [amountsOf(status.hard), amountsOf(status.used)];
  const names = Object.keys(hard).filter((one) => evaluator.counts(one));
  const problem = attributes.object && evaluator.missing?.(attributes.object, names);
  if (problem) throw refused(attributes, `failed quota: ${name}: ${problem}`);
  if (names.some((one) => !(one in used))) {
    throw refused(attributes, `status unknown for quota: ${name}, resources: ${names.sort().join(',')}`);
  }
  const requested = selectAmounts(wanted, (one) => one in hard);
  if (Object.keys(requested).length === 0) return undefined;
  const after = sumOf(used, requested);
  const isExceeded = (one: string): boolean => {
    const [amount, most] = [after[one], hard[one]];
    return one in requested && amount !== undefined && most !== undefined && amount.compare(most) > 0;
  };
  const exceeded = Object.keys(requested).filter(isExceeded);
  if (exceeded.length === 0) return textsOf(after);
  const [asked = '', has = '', most = ''] = [requested, used, hard].map((amounts) =>
    showAmounts(selectAmounts(amounts, (one) => exceeded.includes(one))),
  );
  throw refused(attributes, `exceeded quota: ${name}, requested: ${asked}, used: ${has}, limited: ${most}`);
}
