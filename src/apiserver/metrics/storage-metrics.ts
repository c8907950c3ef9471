import type { Clock } from '#base';
import type { RangeRequest, Store, TxnRequest } from '#etcd';
import type { Resource } from '#machinery';
import { storagePrefix } from '../registry/keys.ts';
import { CounterFamily, HistogramFamily, type Labels } from './series.ts';

const bounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

/** What the API server's calls of its store come to, as `apiserver/pkg/storage/etcd3/metrics/metrics.go` names them. */
export class StorageMetrics {
  readonly #clock: Clock;
  readonly #resources: ReadonlyMap<string, Labels>;
  readonly #durations = new HistogramFamily({
    name: 'etcd_request_duration_seconds',
    help: 'Etcd request latency in seconds for each operation and object type.',
    bounds,
  });
  readonly #requests = new CounterFamily({
    name: 'etcd_requests_total',
    help: 'Etcd request counts for each operation and object type.',
  });
  readonly #errors = new CounterFamily({
    name: 'etcd_request_errors_total',
    help: 'Etcd failed request counts for each operation and object type.',
  });

  constructor(options: { clock: Clock; resources: readonly Resource[] }) {
    this.#clock = options.clock;
    this.#resources = new Map(
      options.resources.map((one) => [storagePrefix(one), { group: one.group, resource: one.plural }]),
    );
  }

  /** The store, with its reads and transactions counted and timed. */
  measured(store: Store): Store {
    const range: Store['range'] = (request) => this.#time(readOf(request), request.key, store.range(request));
    const txn: Store['txn'] = (request) => {
      const { operation, key } = writeOf(request);
      return this.#time(operation, key, store.txn(request));
    };
    return new Proxy(store, {
      get(target, name) {
        if (name === 'range') return range;
        if (name === 'txn') return txn;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  text(): string {
    return [this.#requests.text(), this.#errors.text(), this.#durations.text()].join('\n');
  }

  async #time<T>(operation: string, key: Uint8Array | undefined, call: Promise<T>): Promise<T> {
    const startMs = this.#clock.elapsed();
    const prefix = prefixOf(key);
    const series = `${operation}${prefix}`;
    const labels = (): Labels => ({ operation, ...(this.#resources.get(prefix) ?? { group: '', resource: '' }) });
    try {
      return await call;
    } catch (error) {
      this.#errors.add(series, labels);
      throw error;
    } finally {
      this.#requests.add(series, labels);
      this.#durations.observe(series, labels, (this.#clock.elapsed() - startMs) / 1000);
    }
  }
}

function readOf({ rangeEnd, countOnly }: RangeRequest): string {
  if (countOnly) return 'count';
  return rangeEnd ? 'list' : 'get';
}

/** What a transaction does, and to which key: the registry writes one object at a time. */
function writeOf({ compare, success }: TxnRequest): { operation: string; key?: Uint8Array } {
  for (const one of success) {
    if ('deleteRange' in one) return { operation: 'delete', key: one.deleteRange.key };
    if (!('put' in one)) continue;
    const isNew = compare.some(({ target, value }) => target === 'mod' && value === 0);
    return { operation: isNew ? 'create' : 'update', key: one.put.key };
  }
  return { operation: 'get' };
}

/** `/registry/pods/` of `/registry/pods/ns/name`; two words for those that are kept below one of two. */
function prefixOf(key: Uint8Array | undefined): string {
  if (!key) return '';
  const [, registry = '', first = '', second = ''] = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
    .toString('latin1')
    .split('/', 4);
  const isTwoWords = first === 'services' || first.includes('.');
  return isTwoWords ? `/${registry}/${first}/${second}/` : `/${registry}/${first}/`;
}
