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

interface Series {
  readonly labels: string;
  readonly codes: Map<number, number>;
  /** Requests by the first bucket that holds them; the last is of those slower than all. */
  readonly buckets: number[];
  count: number;
  sumSeconds: number;
}

const bounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const total = 'apiserver_request_total';
const duration = 'apiserver_request_duration_seconds';

/**
 * Counts and times requests, as `apiserver/pkg/endpoints/metrics/metrics.go` names them. By itself and not by the metrics
 * library, which hashes every label of every observation: that cost a tenth of a small request.
 */
export class RequestMetrics {
  readonly #series = new Map<string, Series>();

  /** Counts an answer; `seconds` is undefined for a stream, whose length says nothing. */
  observe(labels: RequestLabels, code: number, seconds: number | undefined): void {
    const series = this.#of(labels);
    series.codes.set(code, (series.codes.get(code) ?? 0) + 1);
    if (seconds === undefined) return;
    let bucket = 0;
    while (seconds > (bounds[bucket] ?? Infinity)) bucket++;
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
    series.count += 1;
    series.sumSeconds += seconds;
  }

  /** The metrics in Prometheus' text format. */
  text(): string {
    const all = [...this.#series.values()];
    const counters = all.flatMap(({ labels, codes }) =>
      Array.from(codes, ([code, count]) => `${total}{${labels},code="${code}"} ${count}`),
    );
    const timed = all.filter(({ count }) => count > 0);
    return [
      `# HELP ${total} Counter of apiserver requests by verb, dry run value, group, version, resource, scope, component and code.`,
      `# TYPE ${total} counter`,
      ...counters,
      `# HELP ${duration} Response latency distribution in seconds.`,
      `# TYPE ${duration} histogram`,
      ...timed.flatMap((series) => [...histogramLines(series)]),
      '',
    ].join('\n');
  }

  #of(labels: RequestLabels): Series {
    const { verb, dry_run, group, version, resource, subresource, scope, component } = labels;
    const key = `${verb}|${resource}|${subresource}|${scope}|${group}|${version}|${dry_run}|${component}`;
    let series = this.#series.get(key);
    if (!series) {
      series = { labels: labelText(labels), codes: new Map(), buckets: [], count: 0, sumSeconds: 0 };
      this.#series.set(key, series);
    }
    return series;
  }
}

function* histogramLines({ labels, buckets, count, sumSeconds }: Series): Generator<string> {
  let below = 0;
  for (const [at, bound] of bounds.entries()) {
    below += buckets[at] ?? 0;
    yield `${duration}_bucket{le="${bound}",${labels}} ${below}`;
  }
  yield `${duration}_bucket{le="+Inf",${labels}} ${count}`;
  yield `${duration}_sum{${labels}} ${sumSeconds}`;
  yield `${duration}_count{${labels}} ${count}`;
}

function labelText(labels: RequestLabels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\"\n]/g, escapeCharacter)}"`)
    .join(',');
}

function escapeCharacter(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`;
}
