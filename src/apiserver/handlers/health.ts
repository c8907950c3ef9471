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

/** Serves `/healthz`, `/livez` and `/readyz`, whole, `?verbose`, `?exclude=`, and one check at a path of its own. */
export function healthHandler(
  checks: readonly HealthCheck[],
  failed: (name: string, error: unknown) => void,
): PathHandler {
  return async (exchange) => {
    const match = /^\/(healthz|livez|readyz)(?:\/(.*))?$/.exec(exchange.path);
    if (!match) return false;
    const [, endpoint = '', one] = match;
    const asked = checks.filter(({ readyOnly, notLive }) =>
      endpoint === 'readyz' ? true : !readyOnly && !(notLive && endpoint === 'livez'),
    );
    if (one === undefined || one === '') await all(exchange, endpoint, asked, failed);
    else {
      const found = asked.find(({ name }) => name === one);
      if (!found) return false;
      await single(exchange, endpoint, found);
    }
    return true;
  };
}

async function single(exchange: Exchange, endpoint: string, { check }: HealthCheck): Promise<void> {
  exchange.route = `/${endpoint}`;
  try {
    await check();
    await exchange.send(200, 'text/plain; charset=utf-8', 'ok');
  } catch (error) {
    await respondText(exchange, `internal server error: ${messageOf(error)}\n`, 500);
  }
}

async function all(
  exchange: Exchange,
  endpoint: string,
  checks: readonly HealthCheck[],
  failed: (name: string, error: unknown) => void,
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
      lines.push(`[+]${name} ok`);
    } catch (error) {
      bad = true;
      failed(name, error);
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
