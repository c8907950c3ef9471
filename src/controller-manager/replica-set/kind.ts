import {
  replicaSets,
  replicationControllers,
  type PodTemplateSpec,
  type ReplicaSet,
  type ReplicationController,
} from '#api';
import { selectorOf, selectorOfMap, type KubeObject, type Resource, type Selector } from '#machinery';

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

/** As upstream has it, the elder kind is served by the loop of the younger (`pkg/controller/replication`). */
export const replicationControllerKind: ReplicatedKind<ReplicationController> = {
  name: 'replicationmanager',
  resource: replicationControllers,
  selectorOf: ({ spec }) => selectorOfMap(spec.selector),
  countsTerminating: false,
};
