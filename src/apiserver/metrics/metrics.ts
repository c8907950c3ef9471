import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock } from '#base';
import type { Resource } from '#machinery';
import type { Exchange } from '../http/exchange.ts';
import { isLongRunning } from '../http/request-info.ts';
import { AccessMetrics } from './access-metrics.ts';
import { RequestMetrics, type RequestLabels } from './request-metrics.ts';
import { StorageMetrics } from './storage-metrics.ts';
import { WatchMetrics } from './watch-metrics.ts';

/** What is asked for when somebody reads the metrics. */
export interface MetricSources {
  /** Objects in the store by resource. */
  objects(): readonly { resource: Resource; objects: number }[];
  /** The size of the store's file. */
  storeBytes(): Promise<number | undefined>;
  /** Whether each APIService is available, by its name. */
  apiServices(): Promise<readonly { name: string; isAvailable: boolean }[]>;
}

export interface MetricsOptions {
  clock: Clock;
  resources: readonly Resource[];
  /** `git_version` of the build. */
  version: string;
}

/** What `/metrics` tells, under upstream's names: of requests, watches, the store and the process. */
export class Metrics {
  readonly storage: StorageMetrics;
  readonly watches = new WatchMetrics();
  readonly access = new AccessMetrics();
  /** Those of parts that count by themselves. */
  readonly #others: { text(): string }[] = [];
  readonly #registry = new Registry();
  readonly #requests = new RequestMetrics();
  readonly #current = { reading: 0, writing: 0 };
  readonly #longRunning = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Gauge of all active long-running apiserver requests.',
    labelNames: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
    registers: [this.#registry],
  });

  readonly #deprecated = new Gauge({
    name: 'apiserver_requested_deprecated_apis',
    help: 'Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.',
    labelNames: ['group', 'version', 'resource', 'subresource', 'removed_release'],
    registers: [this.#registry],
  });

  constructor({ clock, resources, version }: MetricsOptions) {
    this.storage = new StorageMetrics({ clock, resources });
    this.#gauge('kubernetes_build_info', 'What was built, as labels of a constant 1.', ['git_version']).set(
      { git_version: version },
      1,
    );
    // The default of 10 ms would wake an idle server a hundred times a second.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 500 });
    const current = this.#current;
    const gauge = new Gauge({
      name: 'apiserver_current_inflight_requests',
      help: 'Number of requests being served, by kind.',
      labelNames: ['request_kind'],
      registers: [this.#registry],
      collect: () => {
        gauge.set({ request_kind: 'readOnly' }, current.reading);
        gauge.set({ request_kind: 'mutating' }, current.writing);
      },
    });
  }

  /** Tells what these sources say, whenever the metrics are read. */
  add(sources: MetricSources): void {
    const objects = (name: string, labels: ('group' | 'resource')[]): void => {
      const gauge = this.#gauge(
        name,
        'Number of stored objects at the time of last check split by kind.',
        labels,
        () => {
          for (const { resource, objects: count } of sources.objects()) {
            const { group, plural } = resource;
            // The older name tells a resource with its group, as `deployments.apps`.
            const joined = group === '' ? plural : `${plural}.${group}`;
            gauge.set(labels.includes('group') ? { group, resource: plural } : { resource: joined }, count);
          }
        },
      );
    };
    objects('apiserver_storage_objects', ['resource']);
    objects('apiserver_resource_objects', ['group', 'resource']);
    const services: Gauge<'name'> = this.#gauge(
      'aggregator_unavailable_apiservice',
      'Gauge of APIServices which are marked as unavailable broken down by APIService name.',
      ['name'],
      async () => {
        const all = await sources.apiServices();
        services.reset();
        for (const { name, isAvailable } of all) services.set({ name }, isAvailable ? 0 : 1);
      },
    );
    const size: Gauge<'storage_cluster_id'> = this.#gauge(
      'apiserver_storage_size_bytes',
      'Size of the storage database file physically allocated in bytes.',
      ['storage_cluster_id'],
      async () => {
        const bytes = await sources.storeBytes();
        if (bytes !== undefined) size.set({ storage_cluster_id: 'etcd-0' }, bytes);
      },
    );
  }

  /** Tells of a part that counts by itself, too. */
  include(part: { text(): string }): void {
    this.#others.push(part);
  }

  /** Counts an answered request; a stream counts when it ends. */
  observe(exchange: Exchange, durationSeconds: number): void {
    const seconds = isLongRunning(exchange.info) ? undefined : durationSeconds;
    this.#requests.observe(labelsOf(exchange), exchange.code, seconds, exchange.sentBytes);
  }

  /** Counts a request that was ended in self-defence: refused, or out of time. */
  terminated(exchange: Exchange, code: number): void {
    const { info } = exchange;
    const { group, version, resource, subresource, namespace, name } = info;
    const scope = info.isResourceRequest ? scopeOf(namespace, name) : '';
    const verb = verbOf(exchange);
    this.#requests.terminated({ verb, group, version, resource, subresource, scope, component: 'apiserver' }, code);
  }

  /** Remembers that somebody asks for what nobody should any more. */
  deprecated({ info }: Exchange): void {
    const { group, version, resource, subresource } = info;
    this.#deprecated.set({ group, version, resource, subresource, removed_release: '' }, 1);
  }

  inFlight(kind: 'reading' | 'writing', count: number): void {
    this.#current[kind] = count;
  }

  /** Counts a stream as running; call the answer when it ends. */
  longRunning(exchange: Exchange): () => void {
    const { dry_run: _, ...of } = labelsOf(exchange);
    this.#longRunning.inc(of);
    return () => this.#longRunning.dec(of);
  }

  async text(): Promise<string> {
    const own = [this.#requests, this.access, this.watches, this.storage, ...this.#others].map((family) =>
      family.text(),
    );
    return [await this.#registry.metrics(), ...own].join('\n');
  }

  get contentType(): string {
    return `${this.#registry.contentType}; escaping=underscores`;
  }

  #gauge<L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    collect?: () => void | Promise<void>,
  ): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry], ...(collect && { collect }) });
  }
}

/** What upstream's metrics call verbs: as HTTP does, but for lists and watches. Streams and proxies are CONNECT. */
const verbs: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
};

const connected = new Set(['exec', 'attach', 'portforward', 'proxy']);

function verbOf({ info, method, headers }: Exchange): string {
  if (connected.has(info.subresource)) return 'CONNECT';
  if (info.verb === 'patch' && headers['content-type']?.startsWith('application/apply-patch')) return 'APPLY';
  return verbs[info.verb] ?? method;
}

function labelsOf(exchange: Exchange): RequestLabels {
  const { info, query, route } = exchange;
  const isResource = info.isResourceRequest && route !== '';
  return {
    verb: verbOf(exchange),
    dry_run: query.has('dryRun') ? 'All' : '',
    // What no route answers counts without names, so that no client can make labels without end.
    group: isResource ? info.group : '',
    version: isResource ? info.version : '',
    resource: isResource ? info.resource : '',
    subresource: isResource ? info.subresource : route,
    scope: isResource ? scopeOf(info.namespace, info.name) : '',
    component: 'apiserver',
  };
}

function scopeOf(namespace: string, name: string): string {
  if (name !== '') return 'resource';
  return namespace === '' ? 'cluster' : 'namespace';
}
