import {
  isInScopesOf,
  quotaEvaluatorOf,
  selectAmounts,
  sumOf,
  type Amounts,
  type QuotaEvaluator,
  type ResourceQuota,
} from '#api';
import { Quantity, type KubeObject } from '#machinery';

/** The objects of one resource in the quota's namespace. */
export interface Countable {
  readonly resource: { readonly group: string; readonly plural: string };
  readonly objects: () => readonly KubeObject[];
}

/**
 * What is used of a quota's limits, limit by limit. Limits on what nobody can count have no entry, so that they are not
 * taken for unused.
 */
export function countUsage(quota: ResourceQuota, countables: readonly Countable[], nowMs: number): Amounts {
  const limits = Object.keys(quota.spec.hard ?? {});
  let used: Amounts = {};
  for (const { resource, objects } of countables) {
    const evaluator = quotaEvaluatorOf(resource);
    const names = limits.filter((name) => evaluator.counts(name));
    if (names.length === 0) continue;
    used = sumOf(used, usageOf(objects(), names, quota, evaluator, nowMs));
  }
  return used;
}

function usageOf(
  objects: readonly KubeObject[],
  names: readonly string[],
  quota: ResourceQuota,
  evaluator: QuotaEvaluator,
  nowMs: number,
): Amounts {
  const nothing: Amounts = Object.fromEntries(names.map((name) => [name, Quantity.zero]));
  return objects
    .filter((object) => isInScopesOf(quota, evaluator, object))
    .map((object) => selectAmounts(evaluator.usage(object, nowMs), (name) => name in nothing))
    .reduce(sumOf, nothing);
}
