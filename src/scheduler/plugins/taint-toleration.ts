import type { Node, Pod } from '#api';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { normalizeScores } from './normalize.ts';
import { tolerates, untoleratedTaint } from './tolerations.ts';

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with few taints that only discourage. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  // The taint is not named: a message for each combination of taints would be long and change often.
  filter: (_state, pod, { node }) =>
    isRepelled(pod, node) ? unresolvable('node(s) had untolerated taint(s)') : undefined,
  score(_state, { spec }, { node }) {
    const discouraging = (node.spec.taints ?? []).filter(({ effect }) => effect === 'PreferNoSchedule');
    if (discouraging.length === 0) return 0;
    const relevant = (spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    return discouraging.filter((taint) => !relevant.some((one) => tolerates(one, taint))).length;
  },
  normalize: (_state, _pod, scores) => normalizeScores(scores, { reverse: true }),
  mayHelp: (event, pod) => {
    if (event.kind === 'nodeAdded') return !isRepelled(pod, event.node);
    if (event.kind === 'nodeUpdated') return isRepelled(pod, event.old) && !isRepelled(pod, event.node);
    return event.kind === 'podUpdated';
  },
};

function isRepelled({ spec }: Pod, node: Node): boolean {
  return untoleratedTaint(node.spec.taints, spec.tolerations, ['NoSchedule', 'NoExecute']) !== undefined;
}
