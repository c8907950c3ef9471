import type { KubeObject } from '#machinery';
import type { ScopedResourceSelectorRequirement } from '../core/v1/index.ts';
import type { Amounts } from './amounts.ts';

/** How quotas count the objects of one resource (`pkg/quota/v1/evaluator`). */
export interface QuotaEvaluator<T = KubeObject> {
  /** Whether a limit of this name is about such objects. */
  counts(name: string): boolean;
  /** What an object uses; `nowMs` tells whether one that is to be deleted is overdue. */
  usage(object: T, nowMs: number): Amounts;
  /** Whether the object is in a scope; without it no scope has such objects. */
  isInScope?(object: T, scope: ScopedResourceSelectorRequirement): boolean;
  /** What the object has to say before it can be counted by these limits, if it does not. */
  missing?(object: T, names: readonly string[]): string | undefined;
  /** Whether a change of an object may free something, so that it is counted anew. */
  freesSomething?(old: T, object: T, nowMs: number): boolean;
  /** The subresources through which a change is charged; '' for the object itself. Default: only creation is charged. */
  readonly chargedUpdates?: readonly string[];
}
