import type { Clock, Component, Logger, Random } from '#base';
import { parseDuration } from '#machinery';
import type { KMSConfiguration } from '../configuration.ts';
import type { EncryptionMetrics } from '../encryption-metrics.ts';
import type { Transformer } from '../transformer.ts';
import { KmsEnvelope } from './envelope.ts';
import { KmsClient } from './kms-client.ts';
import { KmsProbe } from './probe.ts';

export interface PluginParts {
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: EncryptionMetrics;
}

/** A plugin of KMS v2: what values are sealed by, and what watches over it. */
export class KmsPlugin implements Component {
  readonly name: string;
  readonly timeoutMs: number;
  readonly transformer: Transformer;
  readonly #client: KmsClient;
  readonly #probe: KmsProbe;

  constructor({ name, endpoint, timeout = '3s' }: KMSConfiguration, parts: PluginParts) {
    this.name = name;
    this.timeoutMs = parseDuration(timeout);
    const { clock, metrics } = parts;
    this.#client = new KmsClient({ provider: name, endpoint, timeoutMs: this.timeoutMs, clock, metrics });
    this.#probe = new KmsProbe({ ...parts, name, client: this.#client });
    this.transformer = new KmsEnvelope({ ...parts, name, client: this.#client, probe: this.#probe });
  }

  /** Asks for the key to write with, so that it is there from the start where the plugin is. */
  prime(): Promise<void> {
    return this.#probe.tell();
  }

  /** Throws when the plugin is not well. */
  check(): Promise<void> {
    return this.#probe.check();
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#probe.run(signal);
    } finally {
      await this.close();
    }
  }

  /** Ends the connection. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
