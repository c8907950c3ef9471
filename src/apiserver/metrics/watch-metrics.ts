import type { Resource } from '#machinery';
import { CounterFamily, HistogramFamily, type Labels } from './series.ts';

/** What watchers are sent, as `apiserver/pkg/endpoints/metrics/metrics.go` names it. */
export class WatchMetrics {
  readonly #events = new CounterFamily({
    name: 'apiserver_watch_events_total',
    help: 'Number of events sent in watch clients.',
  });
  readonly #sizes = new HistogramFamily({
    name: 'apiserver_watch_events_sizes',
    help: 'Watch event size distribution in bytes.',
    bounds: [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072],
  });

  /** What counts the events, by their bytes, of one watch of a resource. */
  of({ group, version, plural }: Resource): (bytes: number) => void {
    const key = `${group}|${version}|${plural}`;
    const labels = (): Labels => ({ group, version, resource: plural });
    const events = this.#events.series(key, labels);
    const sizes = this.#sizes.series(key, labels);
    return (bytes) => {
      events.add();
      sizes.observe(bytes);
    };
  }

  text(): string {
    return [this.#events.text(), this.#sizes.text()].join('\n');
  }
}
