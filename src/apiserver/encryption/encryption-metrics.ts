import type { Clock } from '#base';
import { CounterFamily, GaugeFamily, HistogramFamily, type Labels } from '../metrics/series.ts';
import { hashOfKeyId } from './kms/encrypted-object.ts';
import { TransformationMetrics } from './transformation-metrics.ts';

/** From 0.1 ms on, each twice the one before. */
const callBounds = Array.from({ length: 20 }, (_, at) => 0.0001 * 2 ** at);

/** Upstream tells API servers apart by a hash where they have an identity, which ours have not. */
const ofServer = { apiserver_id_hash: '' } as const;

/**
 * What plugins and the configuration do, as `encrypt/envelope/metrics/metrics.go` and
 * `server/options/encryptionconfig/metrics/metrics.go` name it.
 */
export class EncryptionMetrics {
  readonly transformations: TransformationMetrics;
  readonly #clock: Clock;
  readonly #uses = new CounterFamily({
    name: 'apiserver_envelope_encryption_key_id_hash_total',
    help: 'Number of times a keyID is used split by transformation type, provider, and apiserver identity.',
  });
  readonly #used = new GaugeFamily({
    name: 'apiserver_envelope_encryption_key_id_hash_last_timestamp_seconds',
    help: 'The last time in seconds when a keyID was used.',
  });
  readonly #told = new GaugeFamily({
    name: 'apiserver_envelope_encryption_key_id_hash_status_last_timestamp_seconds',
    help: 'The last time in seconds when a keyID was returned by the Status RPC call.',
  });
  readonly #badIds = new CounterFamily({
    name: 'apiserver_envelope_encryption_invalid_key_id_from_status_total',
    help: 'Number of times an invalid keyID is returned by the Status RPC call split by error.',
  });
  readonly #cached = new GaugeFamily({
    name: 'apiserver_envelope_encryption_dek_source_cache_size',
    help: 'Number of records in data encryption key (DEK) source cache.',
  });
  readonly #calls = new HistogramFamily({
    name: 'apiserver_envelope_encryption_kms_operations_latency_seconds',
    help: 'KMS operation duration with gRPC error code status total.',
    bounds: callBounds,
  });
  readonly #reloads = new CounterFamily({
    name: 'apiserver_encryption_config_controller_automatic_reloads_total',
    help: 'Total number of reload successes and failures of encryption configuration split by apiserver identity.',
  });
  readonly #reloaded = new GaugeFamily({
    name: 'apiserver_encryption_config_controller_automatic_reload_last_timestamp_seconds',
    help: 'Timestamp of the last successful or failed automatic reload of encryption configuration split by apiserver identity.',
  });
  readonly #configuration = new GaugeFamily({
    name: 'apiserver_encryption_config_controller_last_config_info',
    help: 'Information about the last applied encryption configuration with hash as label, split by apiserver identity.',
  });

  constructor(clock: Clock) {
    this.#clock = clock;
    this.transformations = new TransformationMetrics(clock);
  }

  /** A value was opened or sealed under the key of this id. */
  keyUsed(type: 'from_storage' | 'to_storage', provider: string, keyId: string): void {
    const series = `${type}|${provider}|${keyId}`;
    const labels = (): Labels => ({ transformation_type: type, ...labelsOfKey(provider, keyId) });
    this.#uses.add(series, labels);
    this.#used.set(series, labels, this.#seconds());
  }

  /** The plugin says that it writes with this key. */
  keyTold(provider: string, keyId: string): void {
    this.#told.set(`${provider}|${keyId}`, () => labelsOfKey(provider, keyId), this.#seconds());
  }

  /** The plugin said an id that is none. */
  badKeyId(provider: string, error: 'empty' | 'too_long'): void {
    this.#badIds.add(`${provider}|${error}`, () => ({ provider_name: provider, error }));
  }

  openedKeys(provider: string, count: number): void {
    this.#cached.set(provider, () => ({ provider_name: provider }), count);
  }

  /** A call of a plugin is over; `code` is `OK` or that of its error. */
  called(provider: string, method: string, code: string, seconds: number): void {
    const labels = (): Labels => ({ provider_name: provider, method_name: method, grpc_status_code: code });
    this.#calls.observe(`${provider}|${method}|${code}`, labels, seconds);
  }

  reloaded(status: 'success' | 'failure'): void {
    const labels = (): Labels => ({ status, ...ofServer });
    this.#reloads.add(status, labels);
    this.#reloaded.set(status, labels, this.#seconds());
  }

  /** The configuration with this hash holds from now on, and no other. */
  configured(hash: string): void {
    this.#configuration.clear();
    this.#configuration.set(hash, () => ({ ...ofServer, hash }), 1);
  }

  /** The metrics in Prometheus' text format. */
  text(): string {
    const envelopes = [this.#uses, this.#used, this.#told, this.#badIds, this.#cached, this.#calls];
    const configurations = [this.#reloads, this.#reloaded, this.#configuration];
    return [this.transformations, ...envelopes, ...configurations].map((family) => family.text()).join('\n');
  }

  #seconds(): number {
    return this.#clock.now() / 1000;
  }
}

function labelsOfKey(provider: string, keyId: string): Labels {
  return { provider_name: provider, key_id_hash: hashOfKeyId(keyId), ...ofServer };
}
