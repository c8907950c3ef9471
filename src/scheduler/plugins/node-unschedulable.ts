import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { tolerates } from './tolerations.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** Keeps pods off cordoned nodes, unless they tolerate that. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter(_state, { spec }, { node }) {
    if (!node.spec.unschedulable) return undefined;
    return (spec.tolerations ?? []).some((one) => tolerates(one, taint))
      ? undefined
      : unresolvable('node(s) were unschedulable');
  },
  mayHelp: (event) => event.kind === 'nodeAdded' || (event.kind === 'nodeUpdated' && !event.node.spec.unschedulable),
};
