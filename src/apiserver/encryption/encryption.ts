import { messageOf, type Component } from '#base';
import { EncryptionMetrics } from './encryption-metrics.ts';
import { configurationHash } from './load-configuration.ts';
import { Providers, type ProvidersOptions } from './providers.ts';
import type { Rules } from './rules.ts';

/** How often a file that is followed is looked at (`EncryptionConfigFileChangePollDuration`). */
const pollIntervalMs = 60_000;
const firstRetryMs = 1_000;
/** What plugins of a new configuration have to be well in, at least. */
const minHealthyWaitMs = 10_000;
const healthyRetryMs = 100;

/**
 * Encryption at rest as a file says it (`--encryption-provider-config`). The file is read once, or followed: what a new
 * version of it says holds as soon as its plugins are well, and until then the one before.
 */
export class Encryption implements Component {
  readonly metrics: EncryptionMetrics;
  readonly #options: ProvidersOptions;
  #providers: Providers;

  private constructor(options: ProvidersOptions, providers: Providers, metrics: EncryptionMetrics) {
    this.#options = options;
    this.#providers = providers;
    this.metrics = metrics;
    metrics.configured(providers.hash);
  }

  /** Reads the file. Throws what is wrong with it, in upstream's words. */
  static async load(options: ProvidersOptions): Promise<Encryption> {
    const metrics = new EncryptionMetrics(options.clock);
    return new Encryption(options, await Providers.load(options, metrics), metrics);
  }

  /** What holds now. */
  get rules(): Rules {
    return this.#providers.rules;
  }

  /** Whether its health is something to ask for: there are plugins, or there may be. */
  get hasHealth(): boolean {
    return this.#options.automaticReload || this.#providers.plugins.length > 0;
  }

  /** Throws when a plugin is not well. */
  check(): Promise<void> {
    return this.#providers.check();
  }

  /** Calls the plugins for the first time: before it, nothing of theirs can be read. Their faults are logged. */
  prime(): Promise<void> {
    return this.#providers.prime();
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#options.automaticReload) await this.#follow(signal);
    else await this.#providers.run(signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let life = new Life(this.#providers, signal);
    const lives = [life.ended];
    let failures = 0;
    while (await this.#sleep(failures === 0 ? pollIntervalMs : retryMs(failures), signal)) {
      try {
        const next = await this.#reload(signal);
        failures = 0;
        if (!next) continue;
        lives.push(this.#end(life, signal));
        life = new Life(next, signal);
        lives.push(life.ended);
      } catch (error) {
        failures += 1;
        this.metrics.reloaded('failure');
        const { configPath, log } = this.#options;
        log.error({ file: configPath, error: messageOf(error) }, 'error processing encryption config file');
      }
    }
    await Promise.all(lives);
  }

  /** What the file says now, if that is something else; it holds when this resolves. */
  async #reload(signal: AbortSignal): Promise<Providers | undefined> {
    const { configPath, log } = this.#options;
    if ((await configurationHash(configPath)) === this.#providers.hash) return undefined;
    const next = await Providers.load(this.#options, this.metrics);
    try {
      await this.#waitUntilHealthy(next, signal);
    } catch (error) {
      await next.close();
      throw error;
    }
    this.#providers = next;
    this.metrics.reloaded('success');
    this.metrics.configured(next.hash);
    log.info({ file: configPath, hash: next.hash }, 'loaded new encryption config');
    return next;
  }

  async #waitUntilHealthy(providers: Providers, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const untilMs = clock.elapsed() + Math.max(minHealthyWaitMs, providers.closeGraceMs);
    for (;;) {
      try {
        return await providers.check();
      } catch (error) {
        if (clock.elapsed() >= untilMs || !(await this.#sleep(healthyRetryMs, signal))) {
          throw new Error(`health check for new transformers failed: ${messageOf(error)}`, { cause: error });
        }
      }
    }
  }

  /** Ends a configuration when what was begun with it is over. */
  async #end(life: Life, signal: AbortSignal): Promise<void> {
    await this.#sleep(life.providers.closeGraceMs, signal);
    life.stop.abort();
  }

  /** False when the signal aborted. */
  async #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    await this.#options.clock.sleep(ms, signal).catch(() => {});
    return !signal.aborted;
  }
}

/** A configuration in use, and how it is ended. */
class Life {
  readonly providers: Providers;
  readonly stop = new AbortController();
  readonly ended: Promise<void>;

  constructor(providers: Providers, signal: AbortSignal) {
    this.providers = providers;
    this.ended = providers.run(AbortSignal.any([signal, this.stop.signal]));
  }
}

function retryMs(failures: number): number {
  return Math.min(firstRetryMs * 2 ** (failures - 1), pollIntervalMs);
}
