import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Exchange } from './http/exchange.ts';
import { isLongRunning } from './http/request-info.ts';

const labels = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
const seconds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

/** What `/metrics` tells, under the names of `apiserver/pkg/endpoints/metrics/metrics.go`. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'apiserver_request_total',
    help: 'Counter of apiserver requests by verb, dry run value, group, version, resource, scope, component and code.',
    labelNames: [...labels, 'code'],
    registers: [this.#registry],
  });
  readonly #durations = new Histogram({
    name: 'apiserver_request_duration_seconds',
    help: 'Response latency distribution in seconds.',
    labelNames: labels,
    buckets: seconds,
    registers: [this.#registry],
  });
  readonly #longRunning = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Gauge of all active long-running apiserver requests.',
    labelNames: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
    registers: [this.#registry],
  });
  readonly #inFlight = new Gauge({
    name: 'apiserver_current_inflight_requests',
    help: 'Number of requests being served, by kind.',
    labelNames: ['request_kind'],
    registers: [this.#registry],
  });

  constructor() {
    // The default of 10 ms would wake an idle server a hundred times a second.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 500 });
  }

  /** Counts an answered request; a stream counts when it ends. */
  observe(exchange: Exchange, durationSeconds: number): void {
    const of = labelsOf(exchange);
    this.#requests.inc({ ...of, code: exchange.code });
    if (!isLongRunning(exchange.info)) this.#durations.observe(of, durationSeconds);
  }

  inFlight(kind: 'reading' | 'writing', count: number): void {
    this.#inFlight.set({ request_kind: kind === 'reading' ? 'readOnly' : 'mutating' }, count);
  }

  /** Counts a stream as running; call the answer when it ends. */
  longRunning(exchange: Exchange): () => void {
    const { dry_run: _, ...of } = labelsOf(exchange);
    this.#longRunning.inc(of);
    return () => this.#longRunning.dec(of);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

function labelsOf({ info, query, route }: Exchange): Record<(typeof labels)[number], string> {
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
