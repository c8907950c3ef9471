import { AsyncQueue } from '#base';
import type { ContainerEventResponse } from '#cri';

/** Passes what happens to containers and sandboxes to everyone who listens. */
export class EventStream {
  readonly #listeners = new Set<AsyncQueue<ContainerEventResponse>>();

  /** Whether anybody listens: an event is only put together when somebody does. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  send(event: ContainerEventResponse): void {
    for (const listener of this.#listeners) listener.push(event);
  }

  /** All events from the call on, until the signal aborts or the runtime ends. */
  listen(signal?: AbortSignal): AsyncIterable<ContainerEventResponse> {
    const queue = new AsyncQueue<ContainerEventResponse>();
    this.#listeners.add(queue);
    const end = (): void => queue.close();
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    return this.#pass(queue, signal, end);
  }

  async *#pass(
    queue: AsyncQueue<ContainerEventResponse>,
    signal: AbortSignal | undefined,
    end: () => void,
  ): AsyncGenerator<ContainerEventResponse, void> {
    try {
      yield* queue;
    } finally {
      signal?.removeEventListener('abort', end);
      this.#listeners.delete(queue);
    }
  }

  close(): void {
    for (const listener of this.#listeners) listener.close();
  }
}
