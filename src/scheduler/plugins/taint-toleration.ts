import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { normalizeScores } from './normalize.ts';
import { tolerates, untoleratedTaint } from './tolerations.ts';

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with few taints that only discourage. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  filter(_state, { spec }, { node }) {
    const taint = untoleratedTaint(node.spec.taints, spec.tolerations, ['NoSchedule', 'NoExecute']);
    return taint && unresolvable(`node(s) had untolerated taint(s)`);
  },
  score(_state, { spec }, { node }) {
    const relevant = (spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    const discouraging = (node.spec.taints ?? []).filter(({ effect }) => effect === 'PreferNoSchedule');
    return discouraging.filter((taint) => !relevant.some((one) => tolerates(one, taint))).length;
  },
  normalize: (_state, _pod, scores) => normalizeScores(scores, { reverse: true }),
  mayHelp: (event, pod) => {
    if (event.kind !== 'nodeAdded' && event.kind !== 'nodeUpdated') return event.kind === 'podUpdated';
    return !untoleratedTaint(event.node.spec.taints, pod.spec.tolerations, ['NoSchedule', 'NoExecute']);
  },
};
