import type { Pod } from '#api';
import { nameOfNode, type NodeInfo } from '../node-info.ts';
import type { ClusterEvent } from './cluster-event.ts';
import { maxNodeScore, type CycleState, type EnabledPlugin, type Plugin, type QueuedPod } from './plugin.ts';
import { unresolvable, type Status } from './status.ts';

/** Nodes that can run a pod, and why the others cannot. */
export interface FilterResult {
  feasible: NodeInfo[];
  rejected: Map<string, Status>;
  /** The plugins that stood in the way. */
  rejectedBy: Set<string>;
  /** A plugin said for all nodes at once that none will do. */
  preFilter?: Status;
}

/** What the pre-filters left: nodes by name (all, when undefined), or a status when that is none. */
interface PreFiltered {
  only?: ReadonlySet<string>;
  /** The plugins that chose them. */
  choosers: string[];
  status?: Status;
}

/** Calls the plugins of a profile at their extension points, in their order. */
export class Framework {
  readonly #enabled: readonly EnabledPlugin[];
  readonly #plugins: readonly Plugin[];
  readonly #sorter: Plugin | undefined;
  readonly #binder: Plugin | undefined;

  constructor(enabled: readonly EnabledPlugin[]) {
    this.#enabled = enabled;
    this.#plugins = enabled.map(({ plugin }) => plugin);
    this.#sorter = this.#plugins.find((plugin) => 'less' in plugin);
    this.#binder = this.#plugins.find((plugin) => 'bind' in plugin);
  }

  less(a: QueuedPod, b: QueuedPod): boolean {
    return this.#sorter?.less?.(a, b) ?? a.queuedAtMs < b.queuedAtMs;
  }

  preEnqueue(pod: Pod): Status | undefined {
    return firstStatus(this.#plugins, (plugin) => plugin.preEnqueue?.(pod));
  }

  /** Every node that passes all filters; a node is asked until the first plugin that rejects it. */
  filter(state: CycleState, pod: Pod, nodes: readonly NodeInfo[]): FilterResult {
    const { only, choosers, status } = this.#preFilter(state, pod, nodes);
    const rejectedBy = new Set(choosers);
    if (status) {
      if (status.plugin) rejectedBy.add(status.plugin);
      return {
        feasible: [],
        rejected: new Map(nodes.map((node) => [nameOfNode(node), status])),
        rejectedBy,
        preFilter: status,
      };
    }
    const notChosen = unresolvable(`node(s) didn't satisfy plugin(s) [${choosers.join(' ')}]`);
    const rejected = new Map<string, Status>();
    const feasible = nodes.filter((node) => {
      const isChosen = !only || only.has(nameOfNode(node));
      const why = isChosen ? this.#filterOne(state, pod, node) : notChosen;
      if (why) rejected.set(nameOfNode(node), why);
      if (why?.plugin) rejectedBy.add(why.plugin);
      return !why;
    });
    return { feasible, rejected, rejectedBy };
  }

  #preFilter(state: CycleState, pod: Pod, nodes: readonly NodeInfo[]): PreFiltered {
    const choosers: string[] = [];
    let only: ReadonlySet<string> | undefined;
    for (const plugin of this.#plugins) {
      const result = plugin.preFilter?.(state, pod, nodes);
      if (!result) continue;
      if ('code' in result) return { choosers, status: { ...result, plugin: plugin.name } };
      if (!result.nodes) continue;
      choosers.push(plugin.name);
      only = only ? only.intersection(result.nodes) : result.nodes;
      if (only.size === 0) return { choosers, status: noneLeft(choosers) };
    }
    return { only, choosers: choosers.sort() };
  }

  #filterOne(state: CycleState, pod: Pod, node: NodeInfo): Status | undefined {
    return firstStatus(this.#plugins, (plugin) => plugin.filter?.(state, pod, node));
  }

  postFilter(state: CycleState, pod: Pod, rejected: ReadonlyMap<string, Status>): Status | undefined {
    return firstStatus(this.#plugins, (plugin) => plugin.postFilter?.(state, pod, rejected));
  }

  /** The weighted sum of all plugins' scores, by node. */
  score(state: CycleState, pod: Pod, nodes: readonly NodeInfo[]): Map<string, number> {
    const totals = new Map(nodes.map((node) => [nameOfNode(node), 0]));
    for (const { plugin } of this.#enabled) plugin.preScore?.(state, pod, nodes);
    for (const { plugin, weight } of this.#enabled) {
      if (!plugin.score) continue;
      const scores = new Map(nodes.map((node) => [nameOfNode(node), plugin.score?.(state, pod, node) ?? 0]));
      plugin.normalize?.(state, pod, scores);
      for (const [node, score] of scores)
        totals.set(node, (totals.get(node) ?? 0) + weight * Math.min(score, maxNodeScore));
    }
    return totals;
  }

  /** Reserves at all plugins, or at none. */
  reserve(state: CycleState, pod: Pod, node: string): Status | undefined {
    const status = firstStatus(this.#plugins, (plugin) => plugin.reserve?.(state, pod, node));
    if (status) this.unreserve(state, pod, node);
    return status;
  }

  unreserve(state: CycleState, pod: Pod, node: string): void {
    for (const plugin of this.#plugins.toReversed()) plugin.unreserve?.(state, pod, node);
  }

  /** Permit, pre-bind, bind and post-bind. A status when a plugin refuses; throws when the API server does. */
  async bind(state: CycleState, pod: Pod, node: string, signal: AbortSignal): Promise<Status | undefined> {
    for (const plugin of this.#plugins) {
      const status = await plugin.permit?.(state, pod, node, signal);
      if (status) return { ...status, plugin: plugin.name };
    }
    for (const plugin of this.#plugins) await plugin.preBind?.(state, pod, node);
    await this.#binder?.bind?.(state, pod, node);
    for (const plugin of this.#plugins) plugin.postBind?.(state, pod, node);
    return undefined;
  }

  /** Whether an event may help a pod that these plugins rejected. A plugin that does not say may always be helped. */
  mayHelp(event: ClusterEvent, pod: Pod, rejectedBy: ReadonlySet<string>): boolean {
    const rejecting = this.#plugins.filter((plugin) => rejectedBy.has(plugin.name));
    return rejecting.length === 0 || rejecting.some((plugin) => plugin.mayHelp?.(event, pod) ?? true);
  }
}

/** Every plugin left some nodes, but together they left none. */
function noneLeft(choosers: readonly string[]): Status {
  return choosers.length === 1
    ? unresolvable(`node(s) didn't satisfy plugin ${choosers.join()}`)
    : unresolvable(`node(s) didn't satisfy plugin(s) [${choosers.toSorted().join(' ')}] simultaneously`);
}

function firstStatus(plugins: readonly Plugin[], ask: (plugin: Plugin) => Status | undefined): Status | undefined {
  for (const plugin of plugins) {
    const status = ask(plugin);
    if (status) return { ...status, plugin: plugin.name };
  }
  return undefined;
}
