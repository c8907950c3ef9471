import { replicaSets, type PodTemplateSpec, type ReplicaSet } from '#api';
import { selectorOf, type KubeObject, type Resource, type Selector } from '#machinery';

/** What an object that asks for a number of equal pods says and is told, whatever its kind. */
export interface Replicated extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; template?: PodTemplateSpec };
  status: ReplicaSet['status'];
}

/** One kind of object that the loop of ReplicaSets serves, and how it differs from the others. */
export interface ReplicatedKind<S extends Replicated> {
  /** The name of the loop. */
  readonly name: string;
  readonly resource: Resource<S>;
  readonly selectorOf: (set: S) => Selector;
  /** Whether its status counts the pods that are ending. */
  readonly countsTerminating: boolean;
}

export const replicaSetKind: ReplicatedKind<ReplicaSet> = {
  name: 'replicaset',
  resource: replicaSets,
  selectorOf: ({ spec }) => selectorOf(spec.selector),
  countsTerminating: true,
};
