import type { Component, Timer } from '#base';
import { nodes, pods, type Node, type Pod } from '#api';
import { Controller, type Informer } from '#client';
import { formatTime, isStatusError, keyOf, nameOf, namespaceOf, uidOf } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { isSame, withCondition } from '../objects.ts';
import { stayMs } from './taints.ts';

const byNode = 'node';

/** A pod that has to leave its node at a time of its own. */
interface Leaving {
  uid: string;
  /** Since when it has been on a node that it does not tolerate for ever. */
  sinceMs: number;
  timer: Timer;
}

/** Deletes pods that do not tolerate their node's NoExecute taints, or no longer (`pkg/controller/tainteviction`). */
export class TaintEviction implements Component {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  readonly #controller: Controller;
  readonly #leaving = new Map<string, Leaving>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#nodes = context.informers.of(nodes);
    this.#pods = context.informers.of(pods);
    this.#pods.addIndex(byNode, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.#controller = new Controller({
      name: 'taint-eviction',
      reconcile: (key) => this.#reconcile(key),
      waitFor: [this.#nodes, this.#pods],
      clock: context.clock,
      log: context.log,
    });
    const enqueue = (pod: Pod): void => this.#controller.queue.add(keyOf(pod));
    this.#pods.on({
      added: enqueue,
      updated: (before, pod) => {
        const moved = before.spec.nodeName !== pod.spec.nodeName;
        if (moved || !isSame(before.spec.tolerations, pod.spec.tolerations)) enqueue(pod);
      },
      deleted: enqueue,
    });
    const enqueuePods = (node: Node): void => this.#pods.byIndex(byNode, nameOf(node)).forEach(enqueue);
    this.#nodes.on({
      added: enqueuePods,
      updated: (before, node) => {
        if (!isSame(before.spec.taints, node.spec.taints)) enqueuePods(node);
      },
      deleted: enqueuePods,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#controller.run(signal);
    for (const { timer } of this.#leaving.values()) timer.cancel();
  }

  async #reconcile(key: string): Promise<void> {
    const pod = this.#pods.lister.get(key);
    const node = pod?.spec.nodeName ? this.#nodes.lister.get(pod.spec.nodeName) : undefined;
    const taints = (node?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
    const ms = pod && taints.length > 0 ? stayMs(pod.spec.tolerations ?? [], taints) : undefined;
    if (!pod || pod.metadata.deletionTimestamp !== undefined || ms === undefined) return this.#cancel(key, pod);
    const known = this.#leaving.get(key);
    const nowMs = this.#context.clock.now();
    const sinceMs = known?.uid === uidOf(pod) ? known.sinceMs : nowMs;
    known?.timer.cancel();
    if (sinceMs + ms <= nowMs) return this.#evict(key, pod);
    const timer = this.#context.clock.timer(sinceMs + ms - nowMs, () => this.#controller.queue.add(key));
    this.#leaving.set(key, { uid: uidOf(pod), sinceMs, timer });
  }

  #cancel(key: string, pod: Pod | undefined): void {
    const known = this.#leaving.get(key);
    known?.timer.cancel();
    this.#leaving.delete(key);
    if (!known || !pod || pod.metadata.deletionTimestamp !== undefined) return;
    this.#context.events.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${keyOf(pod)}`);
  }

  async #evict(key: string, pod: Pod): Promise<void> {
    this.#leaving.get(key)?.timer.cancel();
    this.#leaving.delete(key);
    const { client, clock, events, log } = this.#context;
    log.info({ pod: key, node: pod.spec.nodeName }, 'evicting');
    events.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyOf(pod)}`);
    const target = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: formatTime(clock.now()),
    };
    const calls = client.of(pods).in(namespaceOf(pod));
    const conditions = withCondition(pod.status.conditions, target, clock);
    try {
      const { uid, resourceVersion } = pod.metadata;
      const patch = { metadata: { uid, resourceVersion }, status: { conditions } };
      await calls.patch(nameOf(pod), patch, { subresource: 'status' });
      await calls.delete(nameOf(pod), { preconditions: { uid: uidOf(pod) } });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }
}
