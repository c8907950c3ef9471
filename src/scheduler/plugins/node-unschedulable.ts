import type { Pod } from '#api';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { tolerates } from './tolerations.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** Keeps pods off cordoned nodes, unless they tolerate that. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter(_state, pod, { node }) {
    if (!node.spec.unschedulable || toleratesCordon(pod)) return undefined;
    return unresolvable('node(s) were unschedulable');
  },
  mayHelp: (event) => {
    if (event.kind === 'podUpdated') return toleratesCordon(event.pod);
    if (event.kind === 'podLeft' || event.node.spec.unschedulable) return false;
    return event.kind === 'nodeAdded' || Boolean(event.old.spec.unschedulable);
  },
};

function toleratesCordon({ spec }: Pod): boolean {
  return (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}
