import type { Pod } from '#api';
import type { NodeInfo } from '../node-info.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { Status } from './status.ts';

/** What plugins leave for each other while one pod is scheduled, by plugin name. */
export type CycleState = Map<string, unknown>;

/** The highest score of a node after normalization. */
export const maxNodeScore = 100;

/** A pod with a place in the queue. */
export interface QueuedPod {
  readonly key: string;
  readonly pod: Pod;
  /** When it came into the queue, in milliseconds. */
  readonly queuedAtMs: number;
}

/**
 * A scheduling plugin: it implements the extension points it has something to say at, in the order in which they are
 * called (https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/).
 */
export interface Plugin {
  readonly name: string;
  /** Which pod goes first; one plugin has this. */
  less?(a: QueuedPod, b: QueuedPod): boolean;
  /** Keeps a pod out of the queue until it may be tried. */
  preEnqueue?(pod: Pod): Status | undefined;
  /** Once for a pod, before its nodes: reads what all calls of `filter` need, or says that no node will do. */
  preFilter?(
    state: CycleState,
    pod: Pod,
    nodes: readonly NodeInfo[],
  ): Status | { nodes?: ReadonlySet<string> } | undefined;
  /** Whether the pod can run on a node. */
  filter?(state: CycleState, pod: Pod, node: NodeInfo): Status | undefined;
  /** When no node passed: may make room. Returns what it has to say about that. */
  postFilter?(state: CycleState, pod: Pod, rejected: ReadonlyMap<string, Status>): Status | undefined;
  preScore?(state: CycleState, pod: Pod, nodes: readonly NodeInfo[]): void;
  /** How well the pod fits a node. From 0 to 100, unless `normalize` brings the scores there. */
  score?(state: CycleState, pod: Pod, node: NodeInfo): number;
  /** Changes the scores of all nodes in place. */
  normalize?(state: CycleState, pod: Pod, scores: Map<string, number>): void;
  /** Sets something aside for the pod on the node that was chosen; `unreserve` gives it back. */
  reserve?(state: CycleState, pod: Pod, node: string): Status | undefined;
  unreserve?(state: CycleState, pod: Pod, node: string): void;
  /** The last word before binding; may wait. */
  permit?(state: CycleState, pod: Pod, node: string, signal: AbortSignal): Promise<Status | undefined>;
  preBind?(state: CycleState, pod: Pod, node: string): Promise<void>;
  /** Writes the node into the pod. The first plugin that has this does it. */
  bind?(state: CycleState, pod: Pod, node: string): Promise<void>;
  postBind?(state: CycleState, pod: Pod, node: string): void;
  /** Whether an event in the cluster may let a pod pass that this plugin rejected (KEP-4247). */
  mayHelp?(event: ClusterEvent, pod: Pod): boolean;
}

/** A plugin with the weight of its score. */
export interface EnabledPlugin {
  plugin: Plugin;
  weight: number;
}
