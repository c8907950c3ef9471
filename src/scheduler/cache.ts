import type { Node, Pod } from '#api';
import { keyOf, nameOf, uidOf } from '#machinery';
import { MutableNodeInfo, type NodeInfo } from './node-info.ts';

interface Place {
  node: string;
  uid: string;
  assumed: boolean;
}

/**
 * What the scheduler believes of the nodes: what informers told, and on top the pods it has just placed itself and
 * whose binding the informers have not shown yet (*assumed* pods).
 */
export class SchedulerCache {
  readonly #nodes = new Map<string, MutableNodeInfo>();
  /** Where a pod counts, by key. */
  readonly #places = new Map<string, Place>();

  setNode(node: Node): void {
    this.#info(nameOf(node)).node = node;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info) return;
    info.node = undefined;
    this.#forgetIfEmpty(name, info);
  }

  /** A pod that the API server shows on a node; it takes the place of the assumed one. */
  setPod(pod: Pod): void {
    this.#place(pod, pod.spec.nodeName ?? '', false);
  }

  /** A pod that was placed here and is on its way to the API server. */
  assume(pod: Pod, node: string): void {
    this.#place(pod, node, true);
  }

  /** Takes an assumed pod back; one that is confirmed stays, and so does another pod that has its name by now. */
  forget(pod: Pod): void {
    if (this.isAssumed(pod)) this.removePod(keyOf(pod));
  }

  removePod(key: string): void {
    const place = this.#places.get(key);
    if (!place) return;
    this.#places.delete(key);
    const info = this.#nodes.get(place.node);
    info?.removePod(key);
    if (info) this.#forgetIfEmpty(place.node, info);
  }

  isAssumed(pod: Pod): boolean {
    const place = this.#places.get(keyOf(pod));
    return place !== undefined && place.assumed && place.uid === uidOf(pod);
  }

  /** The nodes that are known, for one cycle of scheduling. */
  snapshot(): NodeInfo[] {
    return [...this.#nodes.values()].filter(isKnown);
  }

  #place(pod: Pod, node: string, assumed: boolean): void {
    const key = keyOf(pod);
    this.removePod(key);
    this.#places.set(key, { node, uid: uidOf(pod), assumed });
    this.#info(node).addPod(key, pod);
  }

  #info(name: string): MutableNodeInfo {
    const known = this.#nodes.get(name);
    if (known) return known;
    const info = new MutableNodeInfo();
    this.#nodes.set(name, info);
    return info;
  }

  #forgetIfEmpty(name: string, info: MutableNodeInfo): void {
    if (!info.node && info.podCount === 0) this.#nodes.delete(name);
  }
}

function isKnown(info: MutableNodeInfo): info is MutableNodeInfo & { node: Node } {
  return info.node !== undefined;
}
