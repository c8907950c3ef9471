import type { Clock, Component, Logger } from '#base';
import { isCriError, type ContainerEventResponse, type RuntimeService } from '#cri';
import { podUidLabel } from './labels.ts';

export interface RuntimeEventsOptions {
  readonly runtime: Pick<RuntimeService, 'getContainerEvents' | 'listContainers' | 'listPodSandbox'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Something happened to what runs of this pod. */
  readonly changed: (podUid: string) => void;
}

/** In case an event was lost. Upstream relists every second by default, and every five minutes where it is told of events. */
const slowRelistMs = 10_000;
/** Upstream's generic PLEG, for runtimes without events. */
const relistMs = 1000;

/** News of the runtime: its events, and a relist now and then, since an event may be lost. */
export class RuntimeEvents implements Component {
  readonly #options: RuntimeEventsOptions;
  #known = new Map<string, string>();

  constructor(options: RuntimeEventsOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#follow(signal), this.#relistEvery(slowRelistMs, signal)]);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { runtime, clock, log, changed } = this.#options;
    while (!signal.aborted) {
      try {
        for await (const event of runtime.getContainerEvents({}, signal)) {
          const uid = uidOf(event);
          if (uid) changed(uid);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (isCriError(error, 'Unimplemented')) return this.#relistEvery(relistMs, signal);
        log.warn({ error }, 'stream of container events broke');
      }
      if (signal.aborted) return;
      await clock.sleep(relistMs, signal).catch(() => {});
      await this.#relist();
    }
  }

  async #relistEvery(ms: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#options.clock.sleep(ms, signal).catch(() => {});
      if (!signal.aborted) await this.#relist();
    }
  }

  async #relist(): Promise<void> {
    const { runtime, log, changed } = this.#options;
    try {
      const [{ containers }, { items }] = await Promise.all([runtime.listContainers({}), runtime.listPodSandbox({})]);
      const seen = new Map<string, string>();
      for (const { id, state, labels } of [...containers, ...items]) {
        const uid = labels[podUidLabel];
        if (uid) seen.set(uid, `${seen.get(uid) ?? ''} ${id}=${state}`);
      }
      const before = this.#known;
      this.#known = seen;
      for (const uid of new Set([...before.keys(), ...seen.keys()]))
        if (before.get(uid) !== seen.get(uid)) changed(uid);
    } catch (error) {
      log.warn({ error }, 'containers could not be listed');
    }
  }
}

function uidOf(event: ContainerEventResponse): string | undefined {
  return event.podSandboxStatus?.metadata?.uid ?? event.containersStatuses[0]?.labels[podUidLabel];
}
