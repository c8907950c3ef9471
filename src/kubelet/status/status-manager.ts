import { pods, type Pod, type PodStatus } from '#api';
import { messageOf, type Clock, type Component, type Logger } from '#base';
import { WorkQueue, type Client } from '#client';
import { isStatusError } from '#machinery';
import { sameJson, statusPatch } from './status-patch.ts';

interface Reported {
  pod: Pod;
  status: PodStatus;
  /** All containers have stopped and all resources are given back: the API object may go once this status is there. */
  finished: boolean;
  /** The pod as our last write left it. */
  written?: Pod | undefined;
}

export interface StatusManagerOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  /** The pod as the informer has it. */
  readonly known: (uid: string) => Pod | undefined;
}

const workers = 4;

/**
 * Brings pod statuses to the API: the newest of each pod, with retries, one at a time per pod. A finished pod that is being
 * deleted is removed from the API when its last status is there (upstream `pkg/kubelet/status/status_manager.go`).
 */
export class StatusManager implements Component {
  readonly #options: StatusManagerOptions;
  readonly #queue: WorkQueue;
  readonly #reported = new Map<string, Reported>();

  constructor(options: StatusManagerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({ clock: options.clock, baseDelayMs: 100, maxDelayMs: 10_000 });
  }

  /** The newest status of a pod, which the API may not have yet. */
  statusOf(uid: string): PodStatus | undefined {
    return this.#reported.get(uid)?.status;
  }

  set(pod: Pod, status: PodStatus): void {
    const uid = pod.metadata.uid ?? '';
    const before = this.#reported.get(uid);
    this.#reported.set(uid, { pod, status, finished: before?.finished ?? false, written: before?.written });
    if (!before || !sameJson(before.status, status)) this.#queue.add(uid);
  }

  /** The pod holds nothing on this node any more. */
  finish(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const before = this.#reported.get(uid);
    this.#reported.set(uid, { pod, status: before?.status ?? pod.status, finished: true, written: before?.written });
    this.#queue.add(uid);
  }

  /** The API shows another state of the pod: somebody else may have written its status. */
  observe(uid: string): void {
    if (this.#reported.has(uid)) this.#queue.add(uid);
  }

  forget(uid: string): void {
    this.#reported.delete(uid);
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#queue.shutDown();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    await Promise.all(Array.from({ length: workers }, () => this.#work(signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let uid = await this.#queue.take(); uid !== undefined; uid = await this.#queue.take()) {
      try {
        await this.#sync(uid, signal);
        this.#queue.forget(uid);
      } catch (error) {
        if (signal.aborted) return;
        const { log } = this.#options;
        log.warn({ uid, error: messageOf(error) }, 'pod status could not be written, will try again');
        this.#queue.addRateLimited(uid);
      } finally {
        this.#queue.done(uid);
      }
    }
  }

  async #sync(uid: string, signal: AbortSignal): Promise<void> {
    const reported = this.#reported.get(uid);
    if (!reported) return;
    const { client, known } = this.#options;
    const { name = '', namespace = '' } = reported.pod.metadata;
    const calls = client.of(pods).in(namespace);
    const shown = known(uid);
    if (!shown) return this.forget(uid);
    // The informer may not show yet what we wrote last.
    let current = reported.written && isNewer(reported.written, shown) ? reported.written : shown;
    try {
      const patch = statusPatch(current.status, reported.status);
      if (patch) {
        const type = 'application/strategic-merge-patch+json';
        current = await calls.patch(
          name,
          { metadata: { uid }, status: patch },
          { type, subresource: 'status', signal },
        );
        reported.written = current;
        const newest = this.#reported.get(uid);
        if (newest) newest.written = current;
      }
      if (!reported.finished || !current.metadata.deletionTimestamp) return;
      await calls.delete(name, { gracePeriodSeconds: 0, preconditions: { uid }, signal });
    } catch (error) {
      // Gone, or another pod of this name took its place: nobody is left to tell.
      if (isStatusError(error, 'NotFound', 'Conflict') && !(await this.#stillThere(uid, namespace, name))) {
        return this.forget(uid);
      }
      throw error;
    }
  }

  async #stillThere(uid: string, namespace: string, name: string): Promise<boolean> {
    try {
      const found = await this.#options.client.of(pods).in(namespace).get(name);
      return found.metadata.uid === uid;
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return false;
      throw error;
    }
  }
}

function isNewer(a: Pod, b: Pod): boolean {
  return Number(a.metadata.resourceVersion) > Number(b.metadata.resourceVersion);
}
