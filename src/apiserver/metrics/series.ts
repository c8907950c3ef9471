/** The labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

interface Histogram {
  readonly labels: string;
  /** Observations by the first bucket that holds them; the last is of those above all bounds. */
  readonly buckets: number[];
  count: number;
  sum: number;
}

/**
 * A histogram in Prometheus' text format. By itself and not by the metrics library, which hashes every label of every
 * observation: that cost a tenth of a small request.
 */
export class HistogramFamily {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Histogram>();

  constructor(options: { name: string; help: string; bounds: readonly number[] }) {
    this.#name = options.name;
    this.#help = options.help;
    this.#bounds = options.bounds;
  }

  /** Counts a value into the series of `key`, whose labels are asked for at its first value. */
  observe(key: string, labels: () => Labels, value: number): void {
    let series = this.#series.get(key);
    if (!series) {
      series = { labels: labelText(labels()), buckets: [], count: 0, sum: 0 };
      this.#series.set(key, series);
    }
    let bucket = 0;
    while (value > (this.#bounds[bucket] ?? Infinity)) bucket++;
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
    series.count += 1;
    series.sum += value;
  }

  text(): string {
    const series = [...this.#series.values()];
    const head = headOf(this.#name, this.#help, 'histogram');
    return [...head, ...series.flatMap((one) => [...this.#lines(one)]), ''].join('\n');
  }

  *#lines({ labels, buckets, count, sum }: Histogram): Generator<string> {
    const name = this.#name;
    let below = 0;
    for (const [at, bound] of this.#bounds.entries()) {
      below += buckets[at] ?? 0;
      yield `${name}_bucket{${labels},le="${bound}"} ${below}`;
    }
    yield `${name}_bucket{${labels},le="+Inf"} ${count}`;
    yield `${name}_sum{${labels}} ${sum}`;
    yield `${name}_count{${labels}} ${count}`;
  }
}

/** A counter in Prometheus' text format, as cheap as `HistogramFamily`. */
export class CounterFamily {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, { readonly labels: string; count: number }>();

  constructor(options: { name: string; help: string }) {
    this.#name = options.name;
    this.#help = options.help;
  }

  /** Counts one more into the series of `key`, whose labels are asked for the first time. */
  add(key: string, labels: () => Labels): void {
    const series = this.#series.get(key);
    if (series) series.count += 1;
    else this.#series.set(key, { labels: labelText(labels()), count: 1 });
  }

  text(): string {
    const lines = [...this.#series.values()].map(({ labels, count }) => `${this.#name}{${labels}} ${count}`);
    return [...headOf(this.#name, this.#help, 'counter'), ...lines, ''].join('\n');
  }
}

function headOf(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escapeCharacter)}"`)
    .join(',');
}

function escapeCharacter(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`;
}
