import type { Clock, Component, Logger, Random } from '#base';
import { nodes, pods, type Node, type Pod } from '#api';
import { EventRecorder, InformerFactory, type Client, type Informer } from '#client';
import { formatTime, isStatusError, keyOf, nameOf, namespaceOf } from '#machinery';
import { SchedulerCache } from './cache.ts';
import { Framework } from './framework/framework.ts';
import type { CycleState, EnabledPlugin } from './framework/plugin.ts';
import { defaultPlugins } from './plugins/index.ts';
import { SchedulingQueue, type Attempt } from './queue.ts';
import { schedulePod } from './schedule-pod.ts';

export interface SchedulerOptions {
  client: Client;
  clock: Clock;
  random: Random;
  log: Logger;
  /** Pods that name this scheduler are its own. */
  schedulerName?: string;
  plugins?: readonly EnabledPlugin[];
}

/** Gives every pod a node: one pod at a time is decided, any number are being bound. */
export class Scheduler implements Component {
  readonly #options: SchedulerOptions;
  readonly #name: string;
  readonly #cache = new SchedulerCache();
  readonly #framework: Framework;
  readonly #queue: SchedulingQueue;
  readonly #events: EventRecorder;
  readonly #informers: InformerFactory;
  readonly #pods: Informer<Pod>;
  readonly #binding = new Set<Promise<void>>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#name = options.schedulerName ?? 'default-scheduler';
    this.#framework = new Framework(options.plugins ?? defaultPlugins);
    this.#queue = new SchedulingQueue({ clock: options.clock, framework: this.#framework });
    this.#events = new EventRecorder({ ...options, component: this.#name });
    this.#informers = new InformerFactory(options);
    this.#pods = this.#informers.of(pods);
    this.#listen();
  }

  async run(signal: AbortSignal): Promise<void> {
    const informers = this.#informers.run(signal);
    try {
      await this.#informers.waitForSync(signal);
      for (let attempt = await this.#queue.next(signal); attempt; attempt = await this.#queue.next(signal)) {
        this.#schedule(attempt, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await Promise.all(this.#binding);
      await informers;
    }
  }

  #listen(): void {
    this.#pods.on({
      added: (pod) => this.#podChanged(pod),
      updated: (old, pod) => this.#podChanged(pod, old),
      deleted: (pod) => this.#podGone(pod),
    });
    this.#informers.of(nodes).on({
      added: (node) => this.#nodeAdded(node),
      updated: (old, node) => this.#nodeUpdated(old, node),
      deleted: (node) => this.#cache.removeNode(nameOf(node)),
    });
  }

  #podChanged(pod: Pod, old?: Pod): void {
    if (isFinished(pod)) {
      if (!old || !isFinished(old)) this.#podGone(pod);
    } else if (pod.spec.nodeName) {
      this.#queue.remove(keyOf(pod));
      this.#cache.setPod(pod);
    } else if (this.#isMine(pod) && !this.#cache.isAssumed(keyOf(pod)) && (!old || specChanged(old, pod))) {
      this.#queue.add(pod);
    }
  }

  #podGone(pod: Pod): void {
    this.#queue.remove(keyOf(pod));
    this.#cache.removePod(keyOf(pod));
    if (pod.spec.nodeName) this.#queue.event({ kind: 'podLeft', pod });
  }

  #nodeAdded(node: Node): void {
    this.#cache.setNode(node);
    this.#queue.event({ kind: 'nodeAdded', node });
  }

  #nodeUpdated(old: Node, node: Node): void {
    this.#cache.setNode(node);
    if (mattersToPods(old, node)) this.#queue.event({ kind: 'nodeUpdated', node, old });
  }

  #isMine(pod: Pod): boolean {
    return (
      (pod.spec.schedulerName || 'default-scheduler') === this.#name && pod.metadata.deletionTimestamp === undefined
    );
  }

  /** Decides; the binding goes on by itself, while the next pod is decided upon the assumption that it succeeds. */
  #schedule(attempt: Attempt, signal: AbortSignal): void {
    const pod = this.#pods.lister.get(attempt.key);
    if (!pod || pod.spec.nodeName || !this.#isMine(pod)) {
      this.#queue.done(attempt.key);
      return;
    }
    const current = { ...attempt, pod };
    const decision = schedulePod(this.#framework, pod, this.#cache.snapshot(), this.#options.random);
    if (decision.node === undefined) {
      this.#failed(current, decision.message, decision.rejectedBy);
      return;
    }
    this.#cache.assume(pod, decision.node);
    const binding = this.#bind(current, decision.node, decision.state, signal);
    this.#binding.add(binding);
    void binding.finally(() => this.#binding.delete(binding));
  }

  async #bind(attempt: Attempt, node: string, state: CycleState, signal: AbortSignal): Promise<void> {
    const { pod } = attempt;
    try {
      const refused =
        this.#framework.reserve(state, pod, node) ?? (await this.#framework.bind(state, pod, node, signal));
      if (refused) {
        this.#giveBack(state, pod, node);
        this.#failed(attempt, refused.reasons.join(', '), new Set(refused.plugin ? [refused.plugin] : []));
        return;
      }
      await this.#write(pod, node);
      this.#queue.done(attempt.key);
      this.#events.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${keyOf(pod)} to ${node}`);
    } catch (error) {
      this.#giveBack(state, pod, node);
      if (isStatusError(error, 'NotFound')) this.#queue.done(attempt.key);
      else if (!signal.aborted) {
        this.#options.log.warn({ pod: attempt.key, node, error }, 'binding failed');
        this.#failed(attempt, `binding rejected: ${error instanceof Error ? error.message : String(error)}`, new Set());
      }
    }
  }

  #giveBack(state: CycleState, pod: Pod, node: string): void {
    this.#framework.unreserve(state, pod, node);
    this.#cache.forget(pod);
    this.#queue.event({ kind: 'podLeft', pod });
  }

  async #write(pod: Pod, node: string): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    await this.#options.client
      .of(pods)
      .in(namespaceOf(pod))
      .subresource('binding')
      .create(nameOf(pod), {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      });
  }

  #failed(attempt: Attempt, message: string, rejectedBy: ReadonlySet<string>): void {
    this.#queue.failed(attempt, rejectedBy);
    this.#options.log.debug({ pod: attempt.key, message }, 'no node for the pod');
    this.#events.event(attempt.pod, 'Warning', 'FailedScheduling', message);
    this.#writeCondition(attempt.pod, message).catch((error: unknown) => {
      if (!isStatusError(error, 'NotFound'))
        this.#options.log.warn({ pod: attempt.key, error }, 'the condition could not be written');
    });
  }

  /** Says in the pod's status that it has no node, once for each reason. */
  async #writeCondition(pod: Pod, message: string): Promise<void> {
    const known = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
    if (known?.status === 'False' && known.reason === 'Unschedulable' && known.message === message) return;
    const lastTransitionTime =
      known?.status === 'False' ? known.lastTransitionTime : formatTime(this.#options.clock.now());
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime };
    await this.#options.client
      .of(pods)
      .in(namespaceOf(pod))
      .patch(
        nameOf(pod),
        { status: { conditions: [condition] } },
        { subresource: 'status', type: 'application/strategic-merge-patch+json' },
      );
  }
}

function isFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

/** Status is written by others and by the scheduler itself; only what a user changes is worth another try. */
function specChanged(old: Pod, pod: Pod): boolean {
  return (
    old.metadata.generation !== pod.metadata.generation ||
    JSON.stringify(old.metadata.labels) !== JSON.stringify(pod.metadata.labels) ||
    (old.spec !== pod.spec && JSON.stringify(old.spec) !== JSON.stringify(pod.spec))
  );
}

/** Heartbeats are no news: only what plugins read. */
function mattersToPods(old: Node, node: Node): boolean {
  const read = ({ metadata, spec, status }: Node): unknown => [
    metadata.labels,
    spec.taints,
    spec.unschedulable,
    status.allocatable,
  ];
  return JSON.stringify(read(old)) !== JSON.stringify(read(node));
}
