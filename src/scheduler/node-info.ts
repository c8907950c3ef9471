import type { Node, Pod } from '#api';
import { nameOf } from '#machinery';
import { hostPortsOf, HostPorts, type HostPort } from './host-ports.ts';
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

/** What a pod takes of its node; kept, since taking it back must be exactly what was given. */
interface Share {
  requests: Amounts;
  nonZero: { cpu: number; memory: number };
  ports: HostPort[];
}

/** The part of the cache that is one node. It may hold pods of a node that is not known yet, or no longer. */
export class MutableNodeInfo {
  #node: Node | undefined;
  allocatable: Amounts = {};
  readonly requested: Amounts = {};
  readonly nonZero = { cpu: 0, memory: 0 };
  readonly hostPorts = new HostPorts();
  readonly #pods = new Map<string, Share>();

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
    const share = { requests: podRequests(pod), nonZero: nonZeroRequests(pod), ports: hostPortsOf(pod) };
    this.#pods.set(key, share);
    this.#count(share, 1);
    this.hostPorts.add(share.ports);
  }

  removePod(key: string): void {
    const share = this.#pods.get(key);
    if (!share) return;
    this.#pods.delete(key);
    this.#count(share, -1);
    this.hostPorts.remove(share.ports);
  }

  #count({ requests, nonZero }: Share, sign: 1 | -1): void {
    addAmounts(this.requested, requests, sign);
    this.nonZero.cpu += sign * nonZero.cpu;
    this.nonZero.memory += sign * nonZero.memory;
  }
}
