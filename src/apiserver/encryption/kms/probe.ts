import { KeyedMutex, messageOf, randomUuid, type Clock, type Component, type Logger, type Random } from '#base';
import { aggregate } from '../prefix-transformers.ts';
import type { EncryptionMetrics } from '../encryption-metrics.ts';
import type { StatusResponse } from './api.ts';
import { hashOfKeyId, problemOfKeyId } from './encrypted-object.ts';
import type { KmsClient } from './kms-client.ts';
import { generateKey, wallOf, type WriteKey } from './write-key.ts';

/** The intervals of `encryptionconfig/config.go`. */
const healthyIntervalMs = 60_000;
const failingIntervalMs = 10_000;
const maxWriteAgeMs = 180_000;
/** Whoever asks for the health in between hears what was found last. */
const healthyTtlMs = 20_000;
const failingTtlMs = 3_000;

interface ProbeOptions {
  name: string;
  client: KmsClient;
  metrics: EncryptionMetrics;
  clock: Clock;
  random: Random;
  log: Logger;
}

/**
 * Asks a plugin once a minute how it is. As long as it answers, its key writes; when it says that it has another one, a
 * new seed is made and sealed with that. While it fails, what is there reads on, and writes for three minutes more.
 */
export class KmsProbe implements Component {
  readonly #options: ProbeOptions;
  readonly #turns = new KeyedMutex();
  #key: WriteKey | undefined;
  #version = '';
  #last: { atMs: number; ttlMs: number; error?: Error } | undefined;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** Throws when the plugin has not given one yet. */
  get key(): WriteKey {
    if (!this.#key) throw new Error('got unexpected nil transformer');
    return this.#key;
  }

  /** Throws when the plugin is not well. */
  check(): Promise<void> {
    return this.#turns.run('', () => this.#check());
  }

  async run(signal: AbortSignal): Promise<void> {
    while (await this.#sleep(this.#last?.error ? failingIntervalMs : healthyIntervalMs, signal)) await this.tell();
  }

  /** Checks, and logs what is wrong. */
  async tell(): Promise<void> {
    const { name, log } = this.#options;
    await this.check().catch((error: unknown) => {
      log.warn({ plugin: name, error: messageOf(error) }, 'kms plugin failed health check probe');
    });
  }

  async #check(): Promise<void> {
    const { clock } = this.#options;
    const last = this.#last;
    if (last && clock.elapsed() - last.atMs < last.ttlMs) {
      if (last.error) throw last.error;
      return;
    }
    try {
      await this.#ask();
      this.#last = { atMs: clock.elapsed(), ttlMs: healthyTtlMs };
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error));
      this.#last = { atMs: clock.elapsed(), ttlMs: failingTtlMs, error: told };
      throw told;
    }
  }

  async #ask(): Promise<void> {
    const { name, client, metrics } = this.#options;
    const status = await client.status().catch((error: unknown) => {
      const about = `failed to perform status section of the healthz check for KMS Provider ${name}`;
      throw new Error(`${about}, error: ${messageOf(error)}`, { cause: error });
    });
    const problems = this.#problemsOf(status);
    const badId = problemOfKeyId(status.keyId);
    if (badId === undefined) {
      metrics.keyTold(name, status.keyId);
      await this.#rotate(status.keyId).catch((error: unknown) => problems.push(messageOf(error)));
    } else {
      metrics.badKeyId(name, status.keyId === '' ? 'empty' : 'too_long');
      problems.push(`got invalid KMSv2 KeyID hash "${hashOfKeyId(status.keyId)}": ${badId}`);
    }
    if (problems.length > 0) throw new Error(`kmsv2 Provider ${name} is not healthy, error: ${aggregate(problems)}`);
  }

  #problemsOf({ healthz, version }: StatusResponse): string[] {
    const problems = healthz === 'ok' ? [] : [`got unexpected healthz status: ${healthz}`];
    if (version !== 'v2' && version !== 'v2beta1') problems.push(`expected KMSv2 API version v2, got ${version}`);
    else if ((this.#version ||= version) !== version) {
      const first = this.#version;
      problems.push(
        `KMSv2 API version should not change after the initial status response version ${first}, got ${version}`,
      );
    }
    return problems;
  }

  /** Goes on with the key, or takes a new one where the plugin has. What is there stays when that fails. */
  async #rotate(keyId: string): Promise<void> {
    const { client, clock, random, metrics } = this.#options;
    const expiresMs = clock.elapsed() + maxWriteAgeMs; // from before the call
    const current = this.#key;
    if (current?.sealed.keyId === keyId) {
      this.#key = { ...current, expiresMs };
      return;
    }
    const uid = randomUuid(random);
    let made: Omit<WriteKey, 'expiresMs'> | undefined;
    let why = '<nil>';
    try {
      made = await generateKey(client, uid, metrics.transformations);
    } catch (error) {
      why = messageOf(error);
    }
    if (made?.sealed.keyId !== keyId)
      throw notRotated({ uid, why, keyId, made, current, expires: current && wallOf(clock, current.expiresMs) });
    this.#key = { ...made, expiresMs };
  }

  /** False when the signal aborted. */
  async #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    await this.#options.clock.sleep(ms, signal).catch(() => {});
    return !signal.aborted;
  }
}

interface Rotation {
  uid: string;
  why: string;
  keyId: string;
  made: Omit<WriteKey, 'expiresMs'> | undefined;
  current: WriteKey | undefined;
  /** When that must not write any more. */
  expires: string | undefined;
}

/** As upstream tells it (`rotateDEKOnKeyIDChange`). */
function notRotated({ uid, why, keyId, made, current, expires }: Rotation): Error {
  const told = [
    `uid="${uid}"`,
    'useSeed=true',
    `errState=${current ? '<nil>' : 'got unexpected nil transformer'}`,
    `errGen=${why}`,
    `statusKeyIDHash="${hashOfKeyId(keyId)}"`,
    `encryptKeyIDHash="${hashOfKeyId(made?.sealed.keyId ?? '')}"`,
    `stateKeyIDHash="${hashOfKeyId(current?.sealed.keyId ?? '')}"`,
    `expirationTimestamp=${expires ?? '0001-01-01T00:00:00Z'}`,
  ];
  return new Error(`failed to rotate DEK ${told.join(', ')}`);
}
