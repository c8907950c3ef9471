/** The labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

class Histogram {
  readonly labels: string;
  /** Observations by the first bucket that holds them; the last is of those above all bounds. */
  readonly buckets: number[] = [];
  readonly #bounds: readonly number[];
  count = 0;
  sum = 0;

  constructor(labels: string, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
  }

  observe(value: number): void {
    let bucket = 0;
    while (value > (this.#bounds[bucket] ?? Infinity)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count += 1;
    this.sum += value;
  }
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
    this.series(key, labels).observe(value);
  }

  /** The series of `key` itself, for who has many values for it. */
  series(key: string, labels: () => Labels): Pick<Histogram, 'observe'> {
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new Histogram(labelText(labels()), this.#bounds)));
    return series;
  }

  text(): string {
    const series = [...this.#series.values()].filter(({ count }) => count > 0);
    const head = headOf(this.#name, this.#help, 'histogram');
    return [...head, ...series.flatMap((one) => [...this.#lines(one)]), ''].join('\n');
  }

  *#lines({ labels, buckets, count, sum }: Histogram): Generator<string> {
    const name = this.#name;
    const first = labels === '' ? '' : `${labels},`;
    let below = 0;
    for (const [at, bound] of this.#bounds.entries()) {
      below += buckets[at] ?? 0;
      yield `${name}_bucket{${first}le="${bound}"} ${below}`;
    }
    yield `${name}_bucket{${first}le="+Inf"} ${count}`;
    yield `${name}_sum{${labels}} ${sum}`;
    yield `${name}_count{${labels}} ${count}`;
  }
}

class Counter {
  readonly labels: string;
  count = 0;

  constructor(labels: string) {
    this.labels = labels;
  }

  add(count = 1): void {
    this.count += count;
  }
}

/** A counter in Prometheus' text format, as cheap as `HistogramFamily`. */
export class CounterFamily {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, Counter>();

  constructor(options: { name: string; help: string }) {
    this.#name = options.name;
    this.#help = options.help;
  }

  /** Counts one more into the series of `key`, whose labels are asked for the first time. */
  add(key: string, labels: () => Labels): void {
    this.series(key, labels).add();
  }

  /** The series of `key` itself, for who counts often. */
  series(key: string, labels: () => Labels): Pick<Counter, 'add'> {
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new Counter(labelText(labels()))));
    return series;
  }

  text(): string {
    const counted = [...this.#series.values()].filter(({ count }) => count > 0);
    const lines = counted.map(({ labels, count }) => `${this.#name}{${labels}} ${count}`);
    return [...headOf(this.#name, this.#help, 'counter'), ...lines, ''].join('\n');
  }
}

/** A gauge in Prometheus' text format, whose values are set. */
export class GaugeFamily {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, { labels: string; value: number }>();

  constructor(options: { name: string; help: string }) {
    this.#name = options.name;
    this.#help = options.help;
  }

  /** Sets the value of the series of `key`, whose labels are asked for the first time. */
  set(key: string, labels: () => Labels, value: number): void {
    const series = this.#series.get(key);
    if (series) series.value = value;
    else this.#series.set(key, { labels: labelText(labels()), value });
  }

  /** Forgets all series. */
  clear(): void {
    this.#series.clear();
  }

  text(): string {
    const lines = [...this.#series.values()].map(({ labels, value }) => `${this.#name}{${labels}} ${value}`);
    return [...headOf(this.#name, this.#help, 'gauge'), ...lines, ''].join('\n');
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
