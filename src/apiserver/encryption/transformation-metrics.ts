import type { Clock } from '#base';
import { isRpcError } from '#wire';
import { CounterFamily, HistogramFamily, type Labels } from '../metrics/series.ts';

/** From 5 µs on, each twice the one before: in this process it takes some 20, and with a plugin up to a second. */
const boundsOf = (count: number): number[] => Array.from({ length: count }, (_, at) => 5e-6 * 2 ** at);

type Direction = 'from_storage' | 'to_storage';

/** What is told of a value once it was sealed or opened: by whom, and what went wrong. */
export type Recording = (prefix: string, error?: unknown) => void;

/** What is done to values, as `value/metrics.go` names it. */
export class TransformationMetrics {
  readonly #clock: Clock;
  readonly #operations = new CounterFamily({
    name: 'apiserver_storage_transformation_operations_total',
    help: "Total number of transformations. Successful transformation will have a status 'OK' and a varied status string when the transformation fails. The status, resource, and transformation_type fields can be used for alerting purposes. For example, you can monitor for encryption/decryption failures using the transformation_type (e.g., from_storage for decryption and to_storage for encryption). Additionally, these fields can be used to ensure that the correct transformers are applied to each resource.",
  });
  readonly #durations = new HistogramFamily({
    name: 'apiserver_storage_transformation_duration_seconds',
    help: 'Latencies in seconds of value transformation operations.',
    bounds: boundsOf(25),
  });
  readonly #misses = new CounterFamily({
    name: 'apiserver_storage_envelope_transformation_cache_misses_total',
    help: 'Total number of cache misses while accessing key decryption key(KEK).',
  });
  readonly #keys = new HistogramFamily({
    name: 'apiserver_storage_data_key_generation_duration_seconds',
    help: 'Latencies in seconds of data encryption key(DEK) generation operations.',
    bounds: boundsOf(14),
  });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A value is going to be sealed or opened; call what it returns when that is over. */
  begin(resource: string, type: Direction): Recording {
    const startMs = this.#clock.elapsed();
    return (prefix, error) => {
      const status = error === undefined ? 'OK' : statusOf(error);
      const labels = (): Labels => ({ resource, transformation_type: type, transformer_prefix: prefix, status });
      this.#operations.add(`${resource}|${type}|${prefix}|${status}`, labels);
      if (error !== undefined) return;
      const took = (this.#clock.elapsed() - startMs) / 1000;
      this.#durations.observe(`${type}|${prefix}`, () => timed(type, prefix), took);
    };
  }

  /** A plugin has to be asked for a key. */
  missed(): void {
    this.#misses.add('', () => ({}));
  }

  /** Makes a key. */
  makeKey(make: () => Buffer): Buffer {
    const startMs = this.#clock.elapsed();
    const key = make();
    this.#keys.observe('', () => ({}), (this.#clock.elapsed() - startMs) / 1000);
    return key;
  }

  /** The metrics in Prometheus' text format. */
  text(): string {
    return [this.#operations, this.#durations, this.#misses, this.#keys].map((family) => family.text()).join('\n');
  }
}

function timed(type: Direction, prefix: string): Labels {
  return { transformation_type: type, transformer_prefix: prefix };
}

/** gRPC's code of what a plugin answered; what went wrong before it was asked has none. */
function statusOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (isRpcError(cause)) return cause.code;
  return 'unknown-non-grpc';
}
