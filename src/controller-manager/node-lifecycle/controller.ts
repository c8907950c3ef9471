import { messageOf, type Component } from '#base';
import { leases, nodes, pods, type Lease, type Node, type Pod } from '#api';
import type { Informer } from '#client';
import { formatTime, isStatusError, nameOf, namespaceOf, uidOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { conditionOf, copyWith, isSame, withCondition } from '../objects.ts';
import { isPodReady } from '../pods.ts';
import { NodeHealth, unknownConditions } from './health.ts';
import { taintsOf } from './taints.ts';

const byNode = 'node';
const leaseNamespace = 'kube-node-lease';
const periodMs = 5000;

export interface NodeLifecycleOptions {
  /** Silence after which a node counts as lost; kube-controller-manager's default is 50 s since v1.32. */
  graceMs?: number;
}

/**
 * Watches over nodes: a silent one becomes Unknown, conditions become taints, and pods on a node that is not ready are
 * marked so (`pkg/controller/nodelifecycle`). Looks at all nodes every 5 s, and at once at one that changed.
 */
export class NodeLifecycleController implements Component {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  readonly #leases: Informer<Lease>;
  readonly #health: NodeHealth;
  readonly #known = new Set<string>();
  #wake: () => void = () => {};
  #changed = false;

  constructor(context: ControllerContext, { graceMs = 50_000 }: NodeLifecycleOptions = {}) {
    this.#context = context;
    this.#nodes = context.informers.of(nodes);
    this.#pods = context.informers.of(pods);
    this.#leases = context.informers.of(leases);
    this.#pods.addIndex(byNode, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.#health = new NodeHealth({ graceMs, startupGraceMs: 60_000 });
    this.#nodes.on({
      added: () => this.#look(),
      updated: (before, node) => {
        const facts = ({ spec, status }: Node): unknown => [
          spec.taints,
          spec.unschedulable,
          statusesOf(status.conditions),
        ];
        if (!isSame(facts(before), facts(node))) this.#look();
      },
      deleted: (node) => this.#nodeGone(node),
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const informers = [this.#nodes.synced, this.#pods.synced, this.#leases.synced];
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([stopped, Promise.all(informers)]);
    while (!signal.aborted) {
      this.#changed = false;
      await this.#round();
      await this.#waitForNews(signal);
    }
  }

  #look(): void {
    this.#changed = true;
    this.#wake();
  }

  async #waitForNews(signal: AbortSignal): Promise<void> {
    if (this.#changed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = this.#context.clock.timer(periodMs, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
      signal.addEventListener('abort', this.#wake, { once: true });
    });
    signal.removeEventListener('abort', this.#wake);
  }

  #nodeGone(node: Node): void {
    this.#known.delete(nameOf(node));
    this.#health.forget(nameOf(node));
    const name = nameOf(node);
    this.#tell(node, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
  }

  async #round(): Promise<void> {
    const all = this.#nodes.lister.list();
    for (const node of all) this.#welcome(node);
    const judged: Node[] = [];
    for (const node of all) judged.push(await this.#guarded(node, () => this.#judge(node)));
    // When no node at all is well, it is rather we who are cut off: nobody is driven away (full disruption).
    const mayEvict = judged.some((node) => readyStatus(node) === 'True');
    for (const node of judged) await this.#guarded(node, () => this.#taint(node, mayEvict));
  }

  /** One node's trouble is not the others'; what failed is tried again in the next round. */
  async #guarded(node: Node, work: () => Promise<Node>): Promise<Node> {
    try {
      return await work();
    } catch (error) {
      if (isStatusError(error, 'Conflict', 'NotFound')) return node;
      this.#context.log.warn({ node: nameOf(node), error: messageOf(error) }, 'cannot update the node');
      return node;
    }
  }

  #welcome(node: Node): void {
    const name = nameOf(node);
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#tell(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
  }

  /** Tells a silent node as Unknown, and the pods of one that is not ready. Returns the node as it is now. */
  async #judge(node: Node): Promise<Node> {
    const { client, clock, log } = this.#context;
    const lease = this.#leases.lister.get(`${leaseNamespace}/${nameOf(node)}`);
    const before = readyStatus(node);
    let judged = node;
    if (this.#health.isSilent(node, lease, clock.elapsed())) {
      const conditions = unknownConditions(node, clock.now());
      if (!isSame(conditions, node.status.conditions)) {
        judged = await client.of(nodes).updateStatus(copyWith(node, { status: copyWith(node.status, { conditions }) }));
        log.info({ node: nameOf(node) }, 'node is silent, its status is unknown');
      }
    }
    const after = readyStatus(judged);
    if (before === 'True' && after !== 'True') {
      this.#tell(judged, 'Normal', 'NodeNotReady', `Node ${nameOf(node)} status is now: NodeNotReady`);
    }
    if (after !== undefined && after !== 'True') await this.#markPodsNotReady(judged);
    return judged;
  }

  async #markPodsNotReady(node: Node): Promise<void> {
    const { client, clock, events } = this.#context;
    for (const pod of this.#pods.byIndex(byNode, nameOf(node))) {
      const ready = conditionOf(pod.status.conditions, 'Ready');
      if (!ready || !isPodReady(pod)) continue;
      const conditions = withCondition(pod.status.conditions, copyWith(ready, { status: 'False' }), clock);
      const { uid, resourceVersion } = pod.metadata;
      const patch = { metadata: { uid, resourceVersion }, status: { conditions } };
      try {
        await client.of(pods).in(namespaceOf(pod)).patch(nameOf(pod), patch, { subresource: 'status' });
        events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      } catch (error) {
        if (!isStatusError(error, 'NotFound', 'Conflict')) throw error;
      }
    }
  }

  async #taint(node: Node, mayEvict: boolean): Promise<Node> {
    const taints = taintsOf(node, { mayEvict, now: formatTime(this.#context.clock.now()) });
    if (isSame(taints, node.spec.taints ?? [])) return node;
    const { uid, resourceVersion } = node.metadata;
    const patch = { metadata: { uid, resourceVersion }, spec: { taints } };
    return this.#context.client.of(nodes).patch(nameOf(node), patch);
  }

  /** Events about nodes live in the namespace `default`. */
  #tell(node: Node, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const reference = { apiVersion: 'v1', kind: 'Node', name: nameOf(node), uid: uidOf(node) };
    this.#context.events.event(reference, type, reason, message);
  }
}

function readyStatus({ status }: Node): string | undefined {
  return conditionOf(status.conditions, 'Ready')?.status;
}

function statusesOf(conditions: Node['status']['conditions']): unknown {
  return conditions?.map(({ type, status }) => [type, status]);
}
