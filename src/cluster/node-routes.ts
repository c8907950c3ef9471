import { execute, type Clock, type Component, type Logger, type Random } from '#base';
import { nodes, type Node } from '#api';
import { Controller, InformerFactory, WorkQueue, type Client, type Informer } from '#client';
import { nameOf } from '#machinery';

export interface NodeRoutesOptions {
  client: Client;
  clock: Clock;
  random: Random;
  log: Logger;
  nodeName: string;
  /** Runs `ip route` with these arguments; the default does so in the network namespace of this process. */
  route?: (...args: string[]) => Promise<void>;
}

/** Leads to the pods of each other node by way of its address: all nodes share one bridge, so no tunnel is needed. */
export class NodeRoutes implements Component {
  readonly #options: NodeRoutesOptions;
  readonly #informers: InformerFactory;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue;
  readonly #route: (...args: string[]) => Promise<void>;
  /** The routes that were made, from node to network. */
  readonly #made = new Map<string, string>();

  constructor(options: NodeRoutesOptions) {
    this.#options = options;
    this.#route = options.route ?? (async (...args) => void (await execute(['ip', 'route', ...args])));
    this.#informers = new InformerFactory(options);
    this.#queue = new WorkQueue(options);
    this.#nodes = this.#informers.of(nodes);
    const look = (node: Node): void => this.#queue.add(nameOf(node));
    this.#nodes.on({ added: look, updated: (_old, node) => look(node), deleted: look });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const informers = this.#informers.run(signal);
    const reconcile = (name: string): Promise<void> => this.#reconcile(name);
    await new Controller({ name: 'node-routes', queue: this.#queue, workers: 1, reconcile, clock, log }).run(signal);
    await informers;
  }

  async #reconcile(name: string): Promise<void> {
    if (name === this.#options.nodeName) return;
    const node = this.#nodes.lister.get(name);
    const via = node?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    const network = node?.spec.podCIDR;
    const old = this.#made.get(name);
    const wanted = via && network ? `${network} via ${via}` : undefined;
    if (wanted === old) return;
    if (old) await this.#route('del', ...old.split(' '));
    this.#made.delete(name);
    if (!wanted) return;
    await this.#route('replace', ...wanted.split(' '));
    this.#made.set(name, wanted);
  }
}
