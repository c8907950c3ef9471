import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Exchange } from './http/exchange.ts';
import { isLongRunning } from './http/request-info.ts';
import { RequestMetrics, type RequestLabels } from './request-metrics.ts';

/** What `/metrics` tells, under the names of `apiserver/pkg/endpoints/metrics/metrics.go`. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new RequestMetrics();
  readonly #current = { reading: 0, writing: 0 };
  readonly #longRunning = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Gauge of all active long-running apiserver requests.',
    labelNames: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
    registers: [this.#registry],
  });
  constructor() {
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

  /** Counts an answered request; a stream counts when it ends. */
  observe(exchange: Exchange, durationSeconds: number): void {
    const seconds = isLongRunning(exchange.info) ? undefined : durationSeconds;
    this.#requests.observe(labelsOf(exchange), exchange.code, seconds);
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
    return `${await this.#registry.metrics()}\n${this.#requests.text()}`;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

function labelsOf({ info, query, route }: Exchange): RequestLabels {
  const isResource = info.isResourceRequest && route !== '';
  return {
    verb: info.verb.toUpperCase(),
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
