import { messageOf, runAll, type Clock, type Component, type Logger, type Random } from '#base';
import type { KMSConfiguration } from './configuration.ts';
import type { EncryptionMetrics } from './encryption-metrics.ts';
import { KmsPlugin } from './kms/kms-plugin.ts';
import { loadConfiguration } from './load-configuration.ts';
import { aggregate } from './prefix-transformers.ts';
import type { Rules } from './rules.ts';
import { rulesOf } from './rules-of.ts';

export interface ProvidersOptions {
  /** The file that `--encryption-provider-config` names. */
  configPath: string;
  /** Follow the file as it changes. */
  automaticReload: boolean;
  clock: Clock;
  random: Random;
  log: Logger;
}

/** What one version of the configuration comes to. */
export class Providers implements Component {
  readonly rules: Rules;
  readonly plugins: readonly KmsPlugin[];
  /** Of the file. */
  readonly hash: string;

  private constructor({ rules, plugins, hash }: Pick<Providers, 'rules' | 'plugins' | 'hash'>) {
    this.rules = rules;
    this.plugins = plugins;
    this.hash = hash;
  }

  /** Reads the file; plugins are not called yet. Throws what is wrong with it. */
  static async load(options: ProvidersOptions, metrics: EncryptionMetrics): Promise<Providers> {
    const { configuration, hash } = await loadConfiguration(options.configPath, options.automaticReload);
    const plugins: KmsPlugin[] = [];
    try {
      const rules = rulesOf(
        configuration,
        (kms) => {
          checkVersion(kms);
          const plugin = new KmsPlugin(kms, { ...options, metrics });
          plugins.push(plugin);
          return plugin.transformer;
        },
        metrics.transformations,
      );
      return new Providers({ rules, plugins, hash });
    } catch (error) {
      throw new Error(`error while building transformers: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The calls that are under way end within this time. */
  get closeGraceMs(): number {
    return 2 * this.plugins.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  }

  /** Asks all plugins for what they write with. */
  async prime(): Promise<void> {
    await Promise.all(this.plugins.map((plugin) => plugin.prime()));
  }

  /** Throws when a plugin is not well. */
  async check(): Promise<void> {
    const problems: string[] = [];
    for (const [at, plugin] of this.plugins.entries()) {
      await plugin.check().catch((error: unknown) => problems.push(`kms-provider-${at}: ${messageOf(error)}`));
    }
    if (problems.length > 0) throw new Error(aggregate(problems));
  }

  /** Watches over the plugins; closes their connections in the end. */
  run(signal: AbortSignal): Promise<void> {
    return runAll(this.plugins, signal);
  }

  /** Ends the connections of one that does not run. */
  async close(): Promise<void> {
    await Promise.all(this.plugins.map((plugin) => plugin.close()));
  }
}

function checkVersion({ apiVersion }: KMSConfiguration): void {
  if (apiVersion !== 'v1') return;
  throw new Error(
    'KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.',
  );
}
