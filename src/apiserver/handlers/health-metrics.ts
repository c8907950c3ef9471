import { compareText } from '#base';
import type { PathHandler } from './dispatch.ts';
import type { HealthEndpoint } from './health.ts';

const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** How the checks of health ended, each time that somebody asked: what `/metrics/slis` tells (`component-base/metrics/prometheus/slis`). */
export class HealthMetrics {
  readonly #last = new Map<string, number>();
  readonly #totals = new Map<string, number>();

  observe(name: string, type: HealthEndpoint, isWell: boolean): void {
    this.#last.set(`name="${name}",type="${type}"`, isWell ? 1 : 0);
    const total = `name="${name}",status="${isWell ? 'success' : 'error'}",type="${type}"`;
    this.#totals.set(total, (this.#totals.get(total) ?? 0) + 1);
  }

  text(): string {
    return [
      '# HELP kubernetes_healthcheck [STABLE] This metric records the result of a single healthcheck.',
      '# TYPE kubernetes_healthcheck gauge',
      ...samples('kubernetes_healthcheck', this.#last),
      '# HELP kubernetes_healthchecks_total [STABLE] This metric records the results of all healthcheck.',
      '# TYPE kubernetes_healthchecks_total counter',
      ...samples('kubernetes_healthchecks_total', this.#totals),
      '',
    ].join('\n');
  }
}

export function healthMetricsHandler(metrics: HealthMetrics): PathHandler {
  return async (exchange) => {
    if (exchange.path !== '/metrics/slis') return false;
    exchange.route = exchange.path;
    await exchange.send(200, contentType, metrics.text());
    return true;
  };
}

function samples(name: string, values: ReadonlyMap<string, number>): string[] {
  return [...values].map(([labels, value]) => `${name}{${labels}} ${value}`).sort(compareText);
}
