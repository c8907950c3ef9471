import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '#api';
import { nameOf } from '#machinery';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { parseInt64 } from './int64.ts';
import { normalizeScores } from './normalize.ts';

const reason = "node(s) didn't match Pod's node affinity/selector";

/** `nodeSelector`, and the required and preferred node affinity of a pod. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  preFilter(_state, { spec }) {
    const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    const nodes = namedNodes(terms ?? []);
    return nodes?.size === 0 ? unresolvable('pod affinity terms conflict') : { nodes };
  },
  filter: (_state, pod, { node }) => (matchesRequired(pod, node) ? undefined : unresolvable(reason)),
  score(_state, { spec }, { node }) {
    const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0);
  },
  normalize: (_state, _pod, scores) => normalizeScores(scores),
  mayHelp: (event, pod) => {
    if (event.kind !== 'nodeAdded' && event.kind !== 'nodeUpdated') return event.kind === 'podUpdated';
    const matched = event.kind === 'nodeUpdated' && matchesRequired(pod, event.old);
    return !matched && matchesRequired(pod, event.node);
  },
};

/** The nodes that the terms name, as those of DaemonSet pods do; undefined when a term names none. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  const named = terms.map(({ matchFields = [] }) =>
    matchFields
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values = [] }) => new Set(values))
      .reduce<Set<string> | undefined>((both, values) => both?.intersection(values) ?? values, undefined),
  );
  if (named.length === 0 || named.includes(undefined)) return undefined;
  return new Set(named.flatMap((names) => [...(names ?? [])]));
}

/** Whether a node has the labels that a pod requires (`component-helpers/scheduling/corev1/nodeaffinity`). */
export function matchesRequired(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return selected && (!required || matchesSelector(required, node));
}

/** One of the terms must hold; no terms hold for no node. */
function matchesSelector({ nodeSelectorTerms }: NodeSelector, node: Node): boolean {
  return nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** All requirements of a term must hold; an empty term holds for no node. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  const fields: Record<string, string> = { 'metadata.name': nameOf(node) };
  return (
    matchExpressions.every((one) => matches(one, labels[one.key])) &&
    matchFields.every((one) => matches(one, fields[one.key]))
  );
}

function matches({ operator, values = [] }: NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
      return compare(actual, values[0], (a, b) => a > b);
    case 'Lt':
      return compare(actual, values[0], (a, b) => a < b);
    default:
      return false;
  }
}

function compare(
  actual: string | undefined,
  wanted: string | undefined,
  holds: (a: bigint, b: bigint) => boolean,
): boolean {
  const [left, right] = [parseInt64(actual), parseInt64(wanted)];
  return left !== undefined && right !== undefined && holds(left, right);
}
