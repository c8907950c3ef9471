import { messageOf } from '#base';
import type { Exchange } from '../http/exchange.ts';
import type { PathHandler } from './dispatch.ts';
import { respondText } from './respond.ts';

/** One thing that must be well. Throws when it is not. */
export interface HealthCheck {
  name: string;
  check: () => void | Promise<void>;
  /** Only asked by `/readyz`: being not ready yet is no reason to be restarted. */
  readyOnly?: boolean;
  /** Not asked by `/livez`: a restart does not help. */
  notLive?: boolean;
}

export const healthEndpoints = ['healthz', 'livez', 'readyz'] as const;
export type HealthEndpoint = (typeof healthEndpoints)[number];

/** What an endpoint asks. */
export function checksOf(checks: readonly HealthCheck[], endpoint: HealthEndpoint): HealthCheck[] {
  return checks.filter(({ readyOnly, notLive }) =>
    endpoint === 'readyz' ? true : !readyOnly && !(notLive && endpoint === 'livez'),
  );
}

/** Hears how each check ended; `error` is what is wrong, if anything is. */
type Observe = (name: string, endpoint: HealthEndpoint, error?: unknown) => void;

/** Serves `/healthz`, `/livez` and `/readyz`, whole, `?verbose`, `?exclude=`, and one check at a path of its own. */
export function healthHandler(checks: readonly HealthCheck[], observe: Observe): PathHandler {
  return async (exchange) => {
    const [, path = '', ...rest] = exchange.path.split('/');
    const endpoint = healthEndpoints.find((name) => name === path);
    if (!endpoint) return false;
    const one = rest.join('/');
    const asked = checksOf(checks, endpoint);
    if (one === '') await all(exchange, endpoint, asked, observe);
    else {
      const found = asked.find(({ name }) => name === one);
      if (!found) return false;
      await single(exchange, endpoint, found, observe);
    }
    return true;
  };
}

async function single(
  exchange: Exchange,
  endpoint: HealthEndpoint,
  { name, check }: HealthCheck,
  observe: Observe,
): Promise<void> {
  exchange.route = `/${endpoint}`;
  try {
    await check();
    observe(name, endpoint);
    await exchange.send(200, 'text/plain; charset=utf-8', 'ok');
  } catch (error) {
    observe(name, endpoint, error);
    await respondText(exchange, `internal server error: ${messageOf(error)}\n`, 500);
  }
}

async function all(
  exchange: Exchange,
  endpoint: HealthEndpoint,
  checks: readonly HealthCheck[],
  observe: Observe,
): Promise<void> {
  exchange.route = `/${endpoint}`;
  const excluded = new Set(exchange.query.getAll('exclude'));
  const lines: string[] = [];
  let bad = false;
  for (const { name, check } of checks) {
    if (excluded.delete(name)) {
      lines.push(`[+]${name} excluded: ok`);
      continue;
    }
    try {
      await check();
      observe(name, endpoint);
      lines.push(`[+]${name} ok`);
    } catch (error) {
      bad = true;
      observe(name, endpoint, error);
      // The endpoint is public: why stands in the log.
      lines.push(`[-]${name} failed: reason withheld`);
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => JSON.stringify(name)).join(',');
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
  }
  if (bad) return respondText(exchange, `${lines.join('\n')}\n${endpoint} check failed\n`, 500);
  const verbose = exchange.query.has('verbose');
  await respondText(exchange, verbose ? `${lines.join('\n')}\n${endpoint} check passed\n` : 'ok');
}
