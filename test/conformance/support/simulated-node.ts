import { nodes, pods, type Pod } from '#api';
import { silentLogger, type Clock, type Component } from '#base';
import { Controller, Informer, type Client, type New } from '#client';
import { formatTime, isStatusError, keyOf, nameOf, namespaceOf, uidOf } from '#machinery';

export interface SimulatedNodeOptions {
  labels?: Record<string, string>;
  /** What the node has beside 4 CPUs, 8 GiB of memory and room for 110 pods. */
  capacity?: Record<string, string>;
  /** The exit code of a pod's containers; undefined (the default) where they run on. */
  exitCode?: (pod: Pod) => number | undefined;
  /** Whether a running pod is ready; default: it is. */
  isReady?: (pod: Pod) => boolean;
}

/** A node without containers: its pods start at once, end as they are told, and are gone as soon as they are deleted. */
export class SimulatedNode implements Component {
  readonly ready: Promise<void>;
  readonly #name: string;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #options: SimulatedNodeOptions;
  readonly #informer: Informer<Pod>;
  readonly #controller: Controller;
  readonly #registered = Promise.withResolvers<void>();

  constructor({
    name,
    client,
    clock,
    ...options
  }: { name: string; client: Client; clock: Clock } & SimulatedNodeOptions) {
    this.#name = name;
    this.#client = client;
    this.#clock = clock;
    this.#options = options;
    this.ready = this.#registered.promise;
    const facts = { client, clock, log: silentLogger };
    this.#informer = new Informer({ ...facts, resource: pods, fieldSelector: `spec.nodeName=${name}` });
    this.#controller = new Controller({ name, clock, log: silentLogger, reconcile: (key) => this.#reconcile(key) });
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#register();
    const add = (pod: Pod): void => this.#controller.queue.add(keyOf(pod));
    this.#informer.on({ added: add, updated: (_, pod) => add(pod) });
    await Promise.all([this.#informer.run(signal), this.#controller.run(signal)]);
  }

  async #register(): Promise<void> {
    const { labels, capacity } = this.#options;
    const resources = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110', ...capacity };
    const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'simulated' };
    const times = { lastHeartbeatTime: this.#now(), lastTransitionTime: this.#now() };
    const node = await this.#client.of(nodes).create({
      metadata: { name: this.#name, labels: { 'kubernetes.io/hostname': this.#name, ...labels } },
    });
    await this.#client.of(nodes).patch(
      nameOf(node),
      {
        status: {
          capacity: resources,
          allocatable: resources,
          conditions: [{ ...ready, ...times }],
          addresses: [{ type: 'InternalIP', address: this.#hostIp() }],
        },
      },
      { subresource: 'status' },
    );
    this.#registered.resolve();
  }

  async #reconcile(key: string): Promise<void> {
    const pod = this.#informer.lister.get(key);
    if (!pod) return;
    const ended = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    if (pod.metadata.deletionTimestamp) {
      if (!ended) await this.#report(pod, this.#endedStatus(pod, 0));
      await this.#remove(pod);
      return;
    }
    if (ended) return;
    const status = this.#statusOf(pod);
    const isNews = pod.status.phase !== status.phase || pod.status.observedGeneration !== status.observedGeneration;
    if (isNews) await this.#report(pod, status);
  }

  #statusOf(pod: Pod): New<Pod['status']> {
    if (pod.status.phase !== 'Running') return this.#runningStatus(pod);
    const exitCode = this.#options.exitCode?.(pod);
    return exitCode === undefined ? this.#runningStatus(pod) : this.#endedStatus(pod, exitCode);
  }

  #runningStatus(pod: Pod): New<Pod['status']> {
    const isReady = this.#options.isReady?.(pod) ?? true;
    const podIP = pod.status.podIP ?? this.#addressOf(pod);
    const startedAt = this.#now();
    return {
      phase: 'Running',
      observedGeneration: pod.metadata.generation,
      startTime: startedAt,
      hostIP: this.#hostIp(),
      hostIPs: [{ ip: this.#hostIp() }],
      podIP,
      podIPs: [{ ip: podIP }],
      conditions: ['Initialized', 'ContainersReady', 'Ready'].map((type) => ({
        type,
        status: isReady || type === 'Initialized' ? 'True' : 'False',
        lastTransitionTime: startedAt,
        observedGeneration: pod.metadata.generation,
      })),
      containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
        name,
        image,
        imageID: image,
        ready: isReady,
        started: true,
        restartCount: 0,
        state: { running: { startedAt } },
      })),
    };
  }

  #endedStatus(pod: Pod, exitCode: number): New<Pod['status']> {
    const finishedAt = this.#now();
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    return {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      observedGeneration: pod.metadata.generation,
      conditions: ['ContainersReady', 'Ready'].map((type) => ({
        type,
        status: 'False',
        lastTransitionTime: finishedAt,
      })),
      containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
        name,
        image,
        imageID: image,
        ready: false,
        started: false,
        restartCount: 0,
        state: { terminated: { exitCode, reason, startedAt: finishedAt, finishedAt } },
      })),
    };
  }

  async #report(pod: Pod, status: New<Pod['status']>): Promise<void> {
    const patch = { metadata: { uid: uidOf(pod) }, status };
    const type = 'application/strategic-merge-patch+json';
    await this.#client.of(pods).in(namespaceOf(pod)).patch(nameOf(pod), patch, { type, subresource: 'status' });
  }

  /** As a kubelet does when no container is left: the object may go, unless finalizers hold it. */
  async #remove(pod: Pod): Promise<void> {
    if (pod.metadata.deletionGracePeriodSeconds === 0) return;
    const options = { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } };
    try {
      await this.#client.of(pods).in(namespaceOf(pod)).delete(nameOf(pod), options);
    } catch (error) {
      if (!isStatusError(error, 'NotFound', 'Conflict')) throw error;
    }
  }

  #now(): string {
    return formatTime(this.#clock.now());
  }

  #hostIp(): string {
    return `192.0.2.${Number(/\d+$/.exec(this.#name)?.[0] ?? 0)}`;
  }

  /** Made of the pod's uid, so that no two pods share one and none is reused. */
  #addressOf(pod: Pod): string {
    const [a, b, c] = Buffer.from(uidOf(pod).replaceAll('-', ''), 'hex');
    return `10.${a}.${b}.${Math.max(1, Math.min(254, c ?? 1))}`;
  }
}
