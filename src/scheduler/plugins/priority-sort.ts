import type { Plugin } from '../framework/plugin.ts';

/** Higher priority first, then who waits longer. */
export const prioritySort: Plugin = {
  name: 'PrioritySort',
  less(a, b) {
    const [first, second] = [a.pod.spec.priority ?? 0, b.pod.spec.priority ?? 0];
    return first > second || (first === second && a.queuedAtMs < b.queuedAtMs);
  },
};
