import type { Clock, Component, Logger } from '#base';
import { isStatusError } from '#machinery';
import { aborted } from './abort.ts';
import { isNamespaceTerminating } from './errors.ts';
import { WorkQueue } from './work-queue.ts';

export interface ControllerOptions<K> {
  name: string;
  /** Brings the world in line with the object of this key; called again after an error. */
  reconcile: (key: K, signal: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Logger;
  queue?: WorkQueue<K>;
  /** How many keys are worked on at once; default 5, as most of kube-controller-manager's. */
  workers?: number;
  /** Nothing is worked on before these have synced. */
  waitFor?: readonly { readonly synced: Promise<void> }[];
}

/** Workers that take keys from a queue and reconcile them: the loop of every controller. */
export class Controller<K = string> implements Component {
  readonly queue: WorkQueue<K>;
  readonly #options: ControllerOptions<K>;

  constructor(options: ControllerOptions<K>) {
    this.#options = options;
    this.queue = options.queue ?? new WorkQueue<K>({ clock: options.clock });
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.queue.shutDown();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const { workers = 5, waitFor = [] } = this.#options;
    await Promise.race([aborted(signal), Promise.all(waitFor.map(({ synced }) => synced))]);
    await Promise.all(Array.from({ length: workers }, () => this.#work(signal)));
  }

  async #work(signal: AbortSignal): Promise<void> {
    for (let key = await this.queue.take(); key !== undefined; key = await this.queue.take()) {
      try {
        await this.#options.reconcile(key, signal);
        this.queue.forget(key);
      } catch (error) {
        if (!signal.aborted) this.#failed(key, error);
      } finally {
        this.queue.done(key);
      }
    }
  }

  #failed(key: K, error: unknown): void {
    const { log, name } = this.#options;
    if (isNamespaceTerminating(error)) {
      log.debug({ controller: name, key }, 'the namespace is on its way out');
      this.queue.forget(key);
      return;
    }
    const fields = { controller: name, key, retries: this.queue.retries(key), error };
    // Somebody else was faster: the ordinary course of an optimistic system, not worth a line.
    if (isStatusError(error, 'Conflict')) log.debug(fields, 'conflict, will try again');
    else log.warn(fields, 'reconcile failed, will try again');
    this.queue.addRateLimited(key);
  }
}
