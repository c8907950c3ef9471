import type { Component } from '#base';
import { nodes, pods, type Node, type Pod } from '#api';
import type { Informer } from '#client';
import { formatTime, isStatusError, keyOf, nameOf, namespaceOf, uidOf } from '#machinery';
import type { ControllerContext } from './context.ts';
import { byCreation, withCondition } from './objects.ts';
import { isPodEnded } from './pods.ts';

const periodMs = 20_000;
/** A node that is seen to be missing may only not be here yet: it is believed gone after so long. */
const quarantineMs = 40_000;

export interface PodGcOptions {
  /** So many ended pods are kept; kube-controller-manager's `--terminated-pod-gc-threshold`. */
  terminatedThreshold?: number;
}

/** Deletes pods that nobody else will: too many ended ones, those of nodes that are gone, and deleted ones that never got a node. */
export class PodGc implements Component {
  readonly #context: ControllerContext;
  readonly #threshold: number;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #missingSince = new Map<string, number>();

  constructor(context: ControllerContext, { terminatedThreshold = 12_500 }: PodGcOptions = {}) {
    this.#context = context;
    this.#threshold = terminatedThreshold;
    this.#pods = context.informers.of(pods);
    this.#nodes = context.informers.of(nodes);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([stopped, Promise.all([this.#pods.synced, this.#nodes.synced])]);
    while (!signal.aborted) {
      try {
        await this.#round();
        await clock.sleep(periodMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ error }, 'pod garbage collection failed');
        await clock.sleep(periodMs, signal).catch(() => {});
      }
    }
  }

  async #round(): Promise<void> {
    const all = this.#pods.lister.list();
    const ended = all.filter((pod) => isPodEnded(pod) && !pod.metadata.deletionTimestamp).sort(byCreation);
    for (const pod of ended.slice(0, Math.max(0, ended.length - this.#threshold))) await this.#delete(pod);
    for (const pod of all) {
      if (!pod.spec.nodeName && pod.metadata.deletionTimestamp) await this.#delete(pod);
    }
    const gone = await this.#goneNodes(all);
    for (const pod of all) {
      const node = pod.spec.nodeName ?? '';
      if (gone.has(node)) await this.#delete(pod, 'PodGC: node no longer exists');
    }
  }

  /** Nodes that pods name, and that neither the lister nor, after a while, the server knows. */
  async #goneNodes(all: readonly Pod[]): Promise<Set<string>> {
    const now = this.#context.clock.now();
    const named = new Set(all.map(({ spec }) => spec.nodeName ?? '').filter((name) => name !== ''));
    const missing = [...named].filter((name) => !this.#nodes.lister.get(name));
    for (const name of this.#missingSince.keys()) if (!missing.includes(name)) this.#missingSince.delete(name);
    const gone = new Set<string>();
    for (const name of missing) {
      const since = this.#missingSince.get(name) ?? now;
      this.#missingSince.set(name, since);
      if (now - since >= quarantineMs && !(await this.#exists(name))) gone.add(name);
    }
    return gone;
  }

  async #exists(node: string): Promise<boolean> {
    try {
      await this.#context.client.of(nodes).get(node);
      return true;
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return false;
      throw error;
    }
  }

  /** Deletes the pod at once; with a reason it is first told as failed, since nobody will tell of its end. */
  async #delete(pod: Pod, reason?: string): Promise<void> {
    const { client, log } = this.#context;
    const calls = client.of(pods).in(namespaceOf(pod));
    try {
      if (reason !== undefined && !isPodEnded(pod)) {
        await calls.patch(nameOf(pod), this.#failure(pod, reason), { subresource: 'status' });
      }
      await calls.delete(nameOf(pod), { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } });
      log.info({ pod: keyOf(pod), reason }, 'deleted a pod that nobody looks after');
    } catch (error) {
      if (!isStatusError(error, 'NotFound', 'Conflict')) throw error;
    }
  }

  #failure(pod: Pod, message: string): unknown {
    const { clock } = this.#context;
    const lastTransitionTime = formatTime(clock.now());
    const target = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message, lastTransitionTime };
    const conditions = withCondition(pod.status.conditions, target, clock);
    return { metadata: { uid: uidOf(pod) }, status: { phase: 'Failed', conditions } };
  }
}
