import { deployments, events, nodes, pods, replicaSets, type Deployment, type Pod, type ReplicaSet } from '#api';
import { seededRandom, silentLogger, VirtualClock } from '#base';
import { Client, FakeTransport, type New } from '#client';
import { formatTime, keyOf } from '#machinery';
import { ControllerManager, type ControllerManagerOptions } from './controller-manager.ts';

/**
 * A small world for tests that read as stories: all controllers over a fake API server and a clock that the test moves,
 * with a kubelet that needs a second to start or stop a pod.
 */
export class Story implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly transport = new FakeTransport({ clock: this.clock });
  readonly client = new Client({ transport: this.transport, component: 'test' });
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #address = 0;
  /** Pods of images in this set never become ready. */
  readonly broken = new Set<string>();
  /** What happens in a second besides the controllers' work. */
  kubelet: (pod: Pod) => void = (pod) => this.#look(pod);

  constructor(options: Partial<ControllerManagerOptions> = {}) {
    const manager = new ControllerManager({
      client: this.client,
      clock: this.clock,
      random: seededRandom(7),
      log: silentLogger,
      ...options,
    });
    this.addNode('node-1');
    this.#running = manager.run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  addNode(name: string): void {
    const now = formatTime(this.clock.now());
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'KubeletReady',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    this.transport.seed(nodes, {
      metadata: { name, labels: { 'topology.kubernetes.io/zone': 'z1' } },
      status: { conditions: [ready] },
    });
  }

  /** Lets so many seconds pass. */
  async seconds(count: number): Promise<void> {
    for (let second = 0; second < count; second++) {
      await this.clock.advance(500);
      for (const pod of this.transport.objects(pods)) this.kubelet(pod);
      this.heartbeat();
      await this.clock.advance(500);
    }
  }

  /** Lets time pass until it is so; fails when that takes too long. */
  async until(what: string, isSo: () => boolean, maxSeconds = 120): Promise<void> {
    for (let second = 0; second < maxSeconds; second++) {
      if (isSo()) return;
      await this.seconds(1);
    }
    if (!isSo()) throw new Error(`still not so after ${maxSeconds} s: ${what}`);
  }

  /** Nodes that are told as alive; a test takes some out. */
  readonly silent = new Set<string>();

  heartbeat(): void {
    for (const { metadata } of this.transport.objects(nodes)) {
      if (this.silent.has(metadata.name ?? '')) continue;
      this.transport.change(nodes, metadata.name ?? '', ({ status }) => {
        for (const one of status.conditions ?? []) {
          one.lastHeartbeatTime = formatTime(this.clock.now());
          if (one.type === 'Ready') Object.assign(one, { status: 'True', reason: 'KubeletReady' });
        }
      });
    }
  }

  get pods(): Pod[] {
    return this.transport.objects(pods);
  }

  get replicaSets(): ReplicaSet[] {
    return this.transport.objects(replicaSets);
  }

  deployment(name: string): Deployment {
    const found = this.transport.object(deployments, `default/${name}`);
    if (!found) throw new Error(`no deployment ${name}`);
    return found;
  }

  /** The events so far, as `reason: message`. */
  get told(): string[] {
    return this.transport.objects(events).map(({ reason, message }) => `${reason}: ${message}`);
  }

  #look(pod: Pod): void {
    const key = keyOf(pod);
    if (this.silent.has(pod.spec.nodeName ?? '')) return;
    if (pod.metadata.deletionTimestamp) {
      if (!pod.metadata.finalizers?.length) this.transport.remove(pods, key);
      return;
    }
    if (!pod.spec.nodeName) {
      const node = this.transport.objects(nodes).find(({ metadata }) => !this.silent.has(metadata.name ?? ''));
      this.transport.change(pods, key, ({ spec }) => void (spec.nodeName = node?.metadata.name));
    } else if (pod.status.phase === 'Pending') {
      const ready = !this.broken.has(pod.spec.containers[0]?.image ?? '');
      this.#address++;
      const podIP = `10.244.0.${this.#address}`;
      const lastTransitionTime = formatTime(this.clock.now());
      const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }];
      this.transport.change(pods, key, (draft) => {
        draft.status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions };
      });
    }
  }
}

/** A deployment as a person writes it, with the defaults that the API server would fill in. */
export function deploymentOf(
  name: string,
  { image = 'app:1', ...spec }: { image?: string } & New<Deployment['spec']>,
): New<Deployment> {
  return {
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
    },
  };
}
