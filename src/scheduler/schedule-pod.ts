import { randomInt, type Random } from '#base';
import type { Pod } from '#api';
import type { Framework } from './framework/framework.ts';
import type { CycleState } from './framework/plugin.ts';
import { explain } from './diagnosis.ts';
import type { NodeInfo } from './node-info.ts';
import { nameOfNode } from './node-info.ts';

/** The node for a pod, or why there is none. */
export type Decision =
  | { node: string; state: CycleState }
  | { node: undefined; message: string; rejectedBy: ReadonlySet<string> };

/** Finds the best node for a pod. Of several equally good ones, one at random. */
export function schedulePod(framework: Framework, pod: Pod, nodes: readonly NodeInfo[], random: Random): Decision {
  const state: CycleState = new Map();
  const { feasible, rejected, rejectedBy, preFilter } = framework.filter(state, pod, nodes);
  if (feasible.length === 0) {
    const postFilter = framework.postFilter(state, pod, rejected);
    return {
      node: undefined,
      message: explain(nodes.length, rejected, preFilter, postFilter),
      rejectedBy,
    };
  }
  const [only] = feasible;
  if (only && feasible.length === 1) return { node: nameOfNode(only), state };
  return { node: best(framework.score(state, pod, feasible), random), state };
}

function best(scores: ReadonlyMap<string, number>, random: Random): string {
  const highest = Math.max(...scores.values());
  const winners = [...scores].filter(([, score]) => score === highest).map(([node]) => node);
  return winners[randomInt(random, winners.length)] ?? '';
}
