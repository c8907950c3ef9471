import type { KubeObject } from '#machinery';
import type { ResourceQuota } from '../core/v1/index.ts';
import { claimQuota } from './claims.ts';
import type { QuotaEvaluator } from './evaluator.ts';
import { objectCount } from './object-count.ts';
import { podQuota } from './pods.ts';
import { scopesOf } from './scopes.ts';
import { serviceQuota } from './services.ts';

/** Those of the core group; each sees the objects of its own resource only. */
const own = new Map<string, QuotaEvaluator>([
  ['pods', podQuota],
  ['services', serviceQuota],
  ['persistentvolumeclaims', claimQuota],
]);

/** How quotas count the objects of a resource: of most only how many there are. */
export function quotaEvaluatorOf({ group, plural }: { group: string; plural: string }): QuotaEvaluator {
  const special = group === '' ? own.get(plural) : undefined;
  return special ?? objectCount({ group, plural });
}

/** Whether a quota has the object in its scopes. */
export function isInScopesOf({ spec }: ResourceQuota, evaluator: QuotaEvaluator, object: KubeObject): boolean {
  return scopesOf(spec).every((scope) => evaluator.isInScope?.(object, scope) ?? false);
}
