import type { Node, Pod } from '#api';

/** Something that happened in the cluster and may make room for a pod that had none. */
export type ClusterEvent =
  | { kind: 'nodeAdded'; node: Node }
  | { kind: 'nodeUpdated'; node: Node; old: Node }
  /** A pod left a node, or needs less of it. */
  | { kind: 'podLeft'; pod: Pod }
  /** The waiting pod itself was changed. */
  | { kind: 'podUpdated'; pod: Pod };
