import { isEqualJson, type FieldErrors, type FieldPath } from '#machinery';
import type { NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm } from '../affinity.ts';
import type { PodSpec } from '../pod-spec.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';

/**
 * A pod that is held back by gates may still be told more narrowly where to run. Checks such changes of `rest` and takes
 * them out of it.
 */
export function keepGatedChanges(rest: PodSpec, old: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const { nodeSelector = {} } = rest;
  const isNarrower = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => nodeSelector[key] === value);
  if (!isNarrower) {
    const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.invalid(path.child('nodeSelector'), nodeSelector, why);
  }
  if (old.nodeSelector) rest.nodeSelector = old.nodeSelector;
  else delete rest.nodeSelector;
  keepAffinityChanges(rest, old, errors, path.child('affinity', 'nodeAffinity'));
}

function keepAffinityChanges(rest: PodSpec, old: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const before = old.affinity?.nodeAffinity;
  if (isEqualJson(before, rest.affinity?.nodeAffinity)) return;
  validateAffinityChange(rest.affinity?.nodeAffinity, before, errors, path.child(required, 'nodeSelectorTerms'));
  const affinity = { ...rest.affinity };
  if (before) affinity.nodeAffinity = before;
  else delete affinity.nodeAffinity;
  if (Object.keys(affinity).length > 0 || old.affinity) rest.affinity = affinity;
  else delete rest.affinity;
}

function validateAffinityChange(
  now: NodeAffinity | undefined,
  before: NodeAffinity | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const oldTerms = before?.[required]?.nodeSelectorTerms ?? [];
  const terms = now?.[required]?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return;
  if (oldTerms.length !== terms.length) {
    const why = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return errors.invalid(path, terms, why);
  }
  for (const [at, term] of terms.entries()) {
    if (hasOnlyAdditions(term, oldTerms[at] ?? {})) continue;
    errors.invalid(path.index(at), term, 'only additions are allowed (no mutations or deletions)');
  }
}

function hasOnlyAdditions(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const { matchExpressions: expressions = [], matchFields: fields = [] } = old;
  // A term without conditions selects nothing: any condition would widen it.
  if (expressions.length + fields.length === 0) return !term.matchExpressions?.length && !term.matchFields?.length;
  return startsWith(term.matchExpressions, expressions) && startsWith(term.matchFields, fields);
}

function startsWith(
  all: readonly NodeSelectorRequirement[] = [],
  first: readonly NodeSelectorRequirement[] = [],
): boolean {
  return isEqualJson(all.slice(0, first.length), first);
}
