import { CounterFamily, HistogramFamily, type Labels } from './series.ts';

/** What tells the requests of one series from those of another, under the label names of upstream's metrics. */
export interface RequestLabels {
  verb: string;
  dry_run: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  scope: string;
  component: string;
}

const secondsBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const byteBounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** Counts, times and weighs requests, as `apiserver/pkg/endpoints/metrics/metrics.go` names them. */
export class RequestMetrics {
  readonly #total = new CounterFamily({
    name: 'apiserver_request_total',
    help: 'Counter of apiserver requests by verb, dry run value, group, version, resource, scope, component and code.',
  });
  readonly #durations = new HistogramFamily({
    name: 'apiserver_request_duration_seconds',
    help: 'Response latency distribution in seconds.',
    bounds: secondsBounds,
  });
  /** Without the time that webhooks and the like take, which are none of the server's doing. */
  readonly #ownDurations = new HistogramFamily({
    name: 'apiserver_request_sli_duration_seconds',
    help: 'Response latency distribution in seconds, without the time that requests wait for others.',
    bounds: secondsBounds,
  });
  readonly #sizes = new HistogramFamily({
    name: 'apiserver_response_sizes',
    help: 'Response size distribution in bytes.',
    bounds: byteBounds,
  });

  readonly #terminations = new CounterFamily({
    name: 'apiserver_request_terminations_total',
    help: 'Number of requests which apiserver terminated in self-defense.',
  });

  /** Counts a request that was not let run to its end. */
  terminated(labels: Omit<RequestLabels, 'dry_run'>, code: number): void {
    const key = Object.values({ ...labels, code }).join('|');
    this.#terminations.add(key, () => ({ ...labels, code: String(code) }));
  }

  /** Counts an answer; `seconds` is undefined for a stream, whose length and size say nothing. */
  observe(labels: RequestLabels, code: number, seconds: number | undefined, bytes: number): void {
    const { verb, dry_run, group, version, resource, subresource, scope, component } = labels;
    const key = `${verb}|${resource}|${subresource}|${scope}|${group}|${version}|${component}`;
    const keyWithDryRun = `${dry_run}|${key}`;
    this.#total.add(`${code}|${keyWithDryRun}`, () => ({ ...labels, code: String(code) }));
    if (seconds === undefined) return;
    this.#durations.observe(keyWithDryRun, () => ({ ...labels }), seconds);
    this.#ownDurations.observe(key, () => withoutDryRun(labels), seconds);
    this.#sizes.observe(key, () => withoutDryRun(labels), bytes);
  }

  /** The metrics in Prometheus' text format. */
  text(): string {
    const families = [this.#total, this.#durations, this.#ownDurations, this.#sizes, this.#terminations];
    return families.map((family) => family.text()).join('\n');
  }
}

function withoutDryRun(labels: RequestLabels): Labels {
  const { dry_run: _, ...others } = labels;
  return others;
}
