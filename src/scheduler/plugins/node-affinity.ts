import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '#api';
import { nameOf } from '#machinery';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { normalizeScores } from './normalize.ts';

const reason = "node(s) didn't match Pod's node affinity/selector";

/** `nodeSelector`, and the required and preferred node affinity of a pod. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  filter: (_state, pod, { node }) => (matchesRequired(pod, node) ? undefined : unresolvable(reason)),
  score(_state, { spec }, { node }) {
    const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0);
  },
  normalize: (_state, _pod, scores) => normalizeScores(scores),
  mayHelp: (event, pod) => {
    if (event.kind !== 'nodeAdded' && event.kind !== 'nodeUpdated') return event.kind === 'podUpdated';
    return matchesRequired(pod, event.node);
  },
};

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
  holds: (a: number, b: number) => boolean,
): boolean {
  const isNumber = (text: string | undefined): text is string => text !== undefined && /^-?\d+$/.test(text);
  return isNumber(actual) && isNumber(wanted) && holds(Number(actual), Number(wanted));
}
