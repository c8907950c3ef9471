import { isDeepStrictEqual } from 'node:util';
import { messageOf, type Clock, type Component, type Logger, type Random } from '#base';
import { nodes, pods, type Node, type Pod, type PodCondition } from '#api';
import { EventRecorder, InformerFactory, type Client, type Informer } from '#client';
import { isStatusError, keyOf, nameOf, namespaceOf, uidOf } from '#machinery';
import { SchedulerCache } from './cache.ts';
import { explain } from './diagnosis.ts';
import { Framework } from './framework/framework.ts';
import type { CycleState, EnabledPlugin } from './framework/plugin.ts';
import type { Status } from './framework/status.ts';
import { defaultPlugins } from './plugins/index.ts';
import { shortened, unscheduled, type UnscheduledReason } from './pod-scheduled.ts';
import { SchedulingQueue, type Attempt, type Failure } from './queue.ts';
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
    const ended = new AbortController(); // what fails must not wait for informers that nobody stops
    const informers = this.#informers.run(AbortSignal.any([signal, ended.signal]));
    try {
      await this.#informers.waitForSync(signal);
      for (let attempt = await this.#queue.next(signal); attempt; attempt = await this.#queue.next(signal)) {
        this.#schedule(attempt, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await Promise.all(this.#binding);
      await informers;
      this.#queue.close();
      this.#events.close();
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
    } else if (this.#isMine(pod) && !this.#cache.isAssumed(pod) && (!old || specChanged(old, pod))) {
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
  #schedule(popped: Attempt, signal: AbortSignal): void {
    const pod = this.#current(popped.pod);
    if (!pod || !this.#isMine(pod)) return this.#queue.done(popped.pod);
    const attempt = { ...popped, pod };
    try {
      const decision = schedulePod(this.#framework, pod, this.#cache.snapshot(), this.#options.random);
      if (decision.node === undefined) this.#rejected(attempt, decision.message, decision.rejectedBy);
      else this.#startBinding(attempt, decision.node, decision.state, signal);
    } catch (error) {
      this.#broken(attempt, messageOf(error)); // one pod that a plugin cannot deal with must not hold up the others
    }
  }

  /** The pod as it is now: undefined when it is gone, was replaced by another of its name, or has a node. */
  #current(pod: Pod): Pod | undefined {
    const known = this.#pods.lister.get(keyOf(pod));
    return known && uidOf(known) === uidOf(pod) && !known.spec.nodeName ? known : undefined;
  }

  #startBinding(attempt: Attempt, node: string, state: CycleState, signal: AbortSignal): void {
    this.#cache.assume(attempt.pod, node);
    const binding = this.#bind(attempt, node, state, signal);
    this.#binding.add(binding);
    void binding.finally(() => this.#binding.delete(binding));
  }

  async #bind(attempt: Attempt, node: string, state: CycleState, signal: AbortSignal): Promise<void> {
    const { pod } = attempt;
    try {
      const refused =
        this.#framework.reserve(state, pod, node) ?? (await this.#framework.bind(state, pod, node, signal));
      if (refused) return this.#refused(attempt, node, state, refused);
      await this.#write(pod, node);
      this.#queue.done(pod);
      this.#options.log.debug({ pod: attempt.key, node }, 'bound');
      this.#events.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${keyOf(pod)} to ${node}`);
    } catch (error) {
      this.#giveBack(state, pod, node);
      if (isStatusError(error, 'NotFound') || signal.aborted) this.#queue.done(pod);
      else this.#broken(attempt, `running Bind plugin "DefaultBinder": ${messageOf(error)}`);
      this.#queue.event({ kind: 'podLeft', pod });
    }
  }

  /** A plugin took the decision back. What the pod had set aside may help others, but not the pod itself. */
  #refused(attempt: Attempt, node: string, state: CycleState, status: Status): void {
    this.#giveBack(state, attempt.pod, node);
    const message = explain(1, new Map([[node, status]]), undefined, undefined);
    this.#rejected(attempt, message, new Set(status.plugin ? [status.plugin] : []));
    this.#queue.event({ kind: 'podLeft', pod: attempt.pod }, attempt.key);
  }

  #giveBack(state: CycleState, pod: Pod, node: string): void {
    this.#framework.unreserve(state, pod, node);
    this.#cache.forget(pod);
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

  #rejected(attempt: Attempt, message: string, rejectedBy: ReadonlySet<string>): void {
    this.#options.log.debug({ pod: attempt.key, message }, 'no node for the pod');
    this.#failed(attempt, { rejectedBy }, 'Unschedulable', message);
  }

  #broken(attempt: Attempt, message: string): void {
    this.#options.log.warn({ pod: attempt.key, message }, 'the pod could not be scheduled');
    this.#failed(attempt, { rejectedBy: new Set(), broken: true }, 'SchedulerError', message);
  }

  /** Back into the queue, and the reason into the pod's events and status; unless it has a node after all, or is gone. */
  #failed(attempt: Attempt, failure: Failure, reason: UnscheduledReason, message: string): void {
    const pod = this.#current(attempt.pod);
    if (!pod) return this.#queue.done(attempt.pod);
    this.#queue.failed({ ...attempt, pod }, failure);
    this.#events.event(pod, 'Warning', 'FailedScheduling', shortened(message));
    const condition = unscheduled(pod, reason, message, this.#options.clock.now());
    if (condition) void this.#writeCondition(pod, condition);
  }

  async #writeCondition(pod: Pod, condition: PodCondition): Promise<void> {
    const patch = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
    const options = { subresource: 'status', type: 'application/strategic-merge-patch+json' } as const;
    try {
      await this.#options.client.of(pods).in(namespaceOf(pod)).patch(nameOf(pod), patch, options);
    } catch (error) {
      if (isStatusError(error, 'NotFound', 'Conflict')) return; // gone, or another pod has its name
      this.#options.log.warn({ pod: keyOf(pod), error }, 'the condition could not be written');
    }
  }
}

function isFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

/** Status is written by others and by the scheduler itself; only what a user changes is worth another try. */
function specChanged(old: Pod, pod: Pod): boolean {
  return (
    old.metadata.generation !== pod.metadata.generation ||
    !isDeepStrictEqual(old.metadata.labels, pod.metadata.labels) ||
    !isDeepStrictEqual(old.spec, pod.spec)
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
  return !isDeepStrictEqual(read(old), read(node));
}
