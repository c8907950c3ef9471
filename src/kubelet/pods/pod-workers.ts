import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node, Pod } from '#api';
import type { Informer } from '#client';
import { compareText, messageOf } from '#base';
import { podUidLabel, podNameLabel, podNamespaceLabel } from '../runtime/labels.ts';
import { rejectionOf, resizeProblem, type AdmissionInput } from './admission.ts';
import { isTerminal, podLabel } from './containers.ts';
import { podEvents } from './events.ts';
import type { NodeServices } from './node-services.ts';
import { PodWorker } from './pod-worker.ts';

export interface PodWorkersOptions {
  readonly services: NodeServices;
  readonly pods: Informer<Pod>;
  readonly node: () => Node | undefined;
}

/** All pod workers of the node: made, fed and ended as the API's pods come and go. */
export class PodWorkers {
  readonly #options: PodWorkersOptions;
  readonly #workers = new Map<string, PodWorker>();
  readonly #running = new Set<Promise<void>>();
  #signal: AbortSignal | undefined;

  constructor(options: PodWorkersOptions) {
    this.#options = options;
  }

  get(uid: string): PodWorker | undefined {
    return this.#workers.get(uid);
  }

  all(): PodWorker[] {
    return [...this.#workers.values()];
  }

  /** The worker of the pod that bears this name now. */
  byName(namespace: string, name: string): PodWorker | undefined {
    const pod = this.#options.pods.lister.get(`${namespace}/${name}`);
    return pod && this.#workers.get(pod.metadata.uid ?? '');
  }

  wake(uid: string): void {
    this.#workers.get(uid)?.wake();
  }

  /** The runtime has news of this pod. */
  runtimeChanged(uid: string): void {
    this.#workers.get(uid)?.runtimeChanged();
  }

  wakeAll(): void {
    for (const worker of this.#workers.values()) worker.wake();
  }

  /** Takes up the pods known now and every change from now on, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const { pods, services } = this.#options;
    await this.#removeOrphans();
    // The oldest first: after a restart those that ran before are admitted before newcomers.
    for (const pod of pods.lister.list().sort(byAge)) this.#added(pod);
    const off = pods.on({
      added: (pod) => this.#added(pod),
      updated: (_before, pod) => this.#updated(pod),
      deleted: (pod) => this.#workers.get(pod.metadata.uid ?? '')?.remove(),
    });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    off();
    await Promise.all(this.#running);
    services.log.debug({}, 'pod workers ended');
  }

  #added(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    if (this.#workers.has(uid)) return this.#updated(pod);
    const { services } = this.#options;
    const worker = new PodWorker(pod, services, (resized) => resizeProblem(this.#admissionOf(resized)));
    const rejection = this.#rejection(pod);
    this.#workers.set(uid, worker);
    if (rejection) {
      podEvents(services.recorder, pod).warning(rejection.reason, rejection.message.replace('Pod was rejected: ', ''));
      worker.fail(rejection);
    }
    if (pod.metadata.deletionTimestamp) worker.update(pod);
    this.#start(worker);
  }

  #start(worker: PodWorker): void {
    const { services } = this.#options;
    const run = worker
      .run(this.#signal ?? AbortSignal.abort())
      .catch((error: unknown) => services.log.error({ pod: podLabel(worker.pod), error }, 'pod worker failed'))
      .finally(() => {
        this.#running.delete(run);
        this.#workers.delete(worker.uid);
        for (const other of this.all()) if (other.isDeferred) other.wake(); // there may be room now
      });
    this.#running.add(run);
  }

  #updated(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const worker = this.#workers.get(uid);
    if (!worker) return this.#added(pod);
    const before = worker.pod;
    // What only writes down our own status is no news for the worker.
    if (sameBesidesStatus(before, pod)) worker.refresh(pod);
    else worker.update(pod);
    this.#options.services.status.observe(uid);
  }

  #rejection(pod: Pod): ReturnType<typeof rejectionOf> {
    if (pod.metadata.deletionTimestamp || isTerminal(pod.status.phase) || pod.status.startTime) return undefined;
    return rejectionOf(this.#admissionOf(pod));
  }

  #admissionOf(pod: Pod): AdmissionInput {
    const { services, node } = this.#options;
    const others = this.all().filter(
      (worker) => worker.uid !== pod.metadata.uid && worker.isActive && !isTerminal(worker.pod.status.phase),
    );
    return {
      pod,
      others: others.map(({ allocated }) => allocated),
      node: node(),
      allocatable: services.node.allocatable,
    };
  }

  /** Ends what an earlier life of the kubelet left of pods that are no more. */
  async #removeOrphans(): Promise<void> {
    const { pods, services } = this.#options;
    const known = new Set(pods.lister.list().map((pod) => pod.metadata.uid ?? ''));
    const { items } = await services.runtime.listPodSandbox({});
    for (const { id, labels } of items) {
      const uid = labels[podUidLabel];
      if (uid === undefined || known.has(uid)) continue;
      services.log.info(
        { pod: `${labels[podNamespaceLabel]}/${labels[podNameLabel]}`, uid },
        'ending a pod that is no more',
      );
      await services.runtime.stopPodSandbox({ podSandboxId: id });
      await services.runtime.removePodSandbox({ podSandboxId: id });
    }
    for (const uid of await this.#directories()) {
      if (!known.has(uid)) await this.#removeDirectory(uid);
    }
  }

  #directories(): Promise<string[]> {
    const root = join(this.#options.services.volumes.podDirectory('x'), '..');
    return readdir(root).catch(() => []);
  }

  async #removeDirectory(uid: string): Promise<void> {
    const { services } = this.#options;
    await services.volumes.removeOrphan(uid).catch((error: unknown) => {
      services.log.warn({ uid, error: messageOf(error) }, 'directory of a pod that is no more could not be removed');
    });
  }
}

function byAge(a: Pod, b: Pod): number {
  return compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '');
}

function sameBesidesStatus(before: Pod, after: Pod): boolean {
  const strip = (pod: Pod): string => {
    const { resourceVersion: _version, managedFields: _fields, ...metadata } = pod.metadata;
    return JSON.stringify([
      metadata,
      pod.spec,
      (pod.status.conditions ?? []).filter(({ type }) => isForeign(pod, type)),
    ]);
  };
  return strip(before) === strip(after);
}

/** Readiness gates are written by others and count for ours. */
function isForeign(pod: Pod, type: string): boolean {
  return (pod.spec.readinessGates ?? []).some(({ conditionType }) => conditionType === type);
}
