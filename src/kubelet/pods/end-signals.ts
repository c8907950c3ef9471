import { containerById, type PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';

/** Tells readers of logs when the containers they read of have ended. */
export class EndSignals {
  readonly #waiting = new Map<string, AbortController>();

  /** Aborts when the container has ended; at once when it has already, or nobody knows it. */
  of(containerId: string, status: PodRuntimeStatus): AbortSignal {
    const controller = this.#waiting.get(containerId) ?? new AbortController();
    this.#waiting.set(containerId, controller);
    this.observe(status);
    return controller.signal;
  }

  observe(status: PodRuntimeStatus): void {
    for (const [id, controller] of this.#waiting) {
      const state = containerById(status, id)?.state;
      if (state === 'running' || state === 'created') continue;
      controller.abort();
      this.#waiting.delete(id);
    }
  }
}
