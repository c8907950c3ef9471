import { messageOf, type Clock, type Component, type Logger, type Random } from '#base';
import { LeaderElector, type Client } from '#client';

export interface ElectedOptions {
  client: Client;
  clock: Clock;
  random: Random;
  log: Logger;
  /** The name of the Lease, in `kube-system`. */
  name: string;
  /** Unique among the candidates. */
  identity: string;
  /** Makes what the leader runs, for each time that it leads. */
  make: () => Component;
}

const againMs = 1_000;

/** Runs a component while this candidate leads. Upstream's processes end when they lose the lead; this one stands again. */
export class Elected implements Component {
  readonly #options: ElectedOptions;

  constructor(options: ElectedOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { make, clock, log, ...candidate } = this.#options;
    const lead: Component = { run: (led) => make().run(led) };
    while (!signal.aborted) {
      const elector = new LeaderElector({ ...candidate, namespace: 'kube-system', lead, clock, log });
      await elector.run(signal).catch((error: unknown) => {
        log.warn({ lease: candidate.name, error: messageOf(error) }, 'does not lead any more');
      });
      await clock.sleep(againMs, signal).catch(() => {}); // rejects at the end
    }
  }
}
