import type { Node, Pod } from '#api';
import { nameOf } from '#machinery';
import { HostPorts } from './host-ports.ts';
import { addAmounts, amountsOf, nonZeroRequests, podRequests, type Amounts } from './resources.ts';

/** A node, the pods on it, and their sums, kept up to date by addition and subtraction. */
export interface NodeInfo {
  readonly node: Node;
  readonly allocatable: Amounts;
  readonly requested: Readonly<Amounts>;
  readonly nonZero: Readonly<{ cpu: number; memory: number }>;
  readonly podCount: number;
  readonly hostPorts: HostPorts;
}

export function nameOfNode(info: NodeInfo): string {
  return nameOf(info.node);
}

/** The part of the cache that is one node. It may hold pods of a node that is not known yet, or no longer. */
export class MutableNodeInfo {
  #node: Node | undefined;
  allocatable: Amounts = {};
  readonly requested: Amounts = {};
  readonly nonZero = { cpu: 0, memory: 0 };
  readonly hostPorts = new HostPorts();
  readonly #pods = new Map<string, Pod>();

  get node(): Node | undefined {
    return this.#node;
  }

  set node(node: Node | undefined) {
    this.#node = node;
    this.allocatable = amountsOf(node?.status.allocatable);
  }

  get podCount(): number {
    return this.#pods.size;
  }

  addPod(key: string, pod: Pod): void {
    this.removePod(key);
    this.#pods.set(key, pod);
    this.#count(pod, 1);
    this.hostPorts.add(pod);
  }

  removePod(key: string): void {
    const pod = this.#pods.get(key);
    if (!pod) return;
    this.#pods.delete(key);
    this.#count(pod, -1);
    this.hostPorts.remove(pod);
  }

  #count(pod: Pod, sign: 1 | -1): void {
    addAmounts(this.requested, podRequests(pod), sign);
    const { cpu, memory } = nonZeroRequests(pod);
    this.nonZero.cpu += sign * cpu;
    this.nonZero.memory += sign * memory;
  }
}
