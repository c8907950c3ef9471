import type { TLSSocket } from 'node:tls';
import { messageOf, randomUuid, type Clock, type Logger, type Random } from '#base';
import { badRequest, requestTimeout, StatusError, tooManyRequests, type Status } from '#machinery';
import type { Authenticator } from '../authn/authenticator.ts';
import { impersonate } from '../authn/impersonation.ts';
import { forbiddenError, type Authorizer } from '../authz/attributes.ts';
import type { Metrics } from '../metrics.ts';
import { answerStatus } from './answer-status.ts';
import type { Exchange } from './exchange.ts';
import type { Filter } from './filter.ts';
import { isLongRunning, requestInfoOf } from './request-info.ts';

export interface FilterParts {
  authenticator: Authenticator;
  authorizer: Authorizer;
  metrics: Metrics;
  clock: Clock;
  random: Random;
  log: Logger;
  /** How long a request that is no watch may take. */
  timeoutMs: number;
  maxInFlight: { reading: number; writing: number };
}

/** What every request passes, in this order, before a handler sees it. */
export function filters(parts: FilterParts): Filter[] {
  return [
    auditId(parts), // every answer can be found again by its id
    observe(parts), // counts and times what comes out of all below
    answerErrors(parts), // whatever is thrown below becomes a Status; nothing crashes the server
    readRequestInfo, // which resource, which verb
    authenticate(parts), // who asks
    actAs(parts), // as whom
    limitTime(parts), // no request but a watch or a stream lasts for ever
    limitInFlight(parts), // more than the machine can do is refused at once
    authorize(parts), // whether they may
  ];
}

function auditId({ random }: FilterParts): Filter {
  return (exchange, next) => {
    const given = exchange.headers['audit-id'];
    const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUuid(random);
    exchange.header('Audit-Id', id);
    exchange.header('Cache-Control', 'no-cache, private');
    return next();
  };
}

function observe({ metrics, clock }: FilterParts): Filter {
  return async (exchange, next) => {
    const started = clock.now();
    try {
      await next();
    } finally {
      metrics.observe(exchange, (clock.now() - started) / 1000);
    }
  };
}

function answerErrors({ log }: FilterParts): Filter {
  return async (exchange, next) => {
    try {
      await next();
    } catch (error) {
      const status = statusOf(error);
      if (!(error instanceof StatusError) && !exchange.signal.aborted) {
        log.error({ method: exchange.method, path: exchange.path, user: exchange.user.name, error }, 'request failed');
      }
      await answerStatus(exchange, status);
    }
  };
}

function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  const message = `Internal error occurred: ${messageOf(error)}`;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'InternalError',
    code: 500,
  };
}

const readRequestInfo: Filter = (exchange, next) => {
  try {
    exchange.info = requestInfoOf(exchange.method, exchange.path, exchange.query);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
  return next();
};

function authenticate({ authenticator }: FilterParts): Filter {
  return async (exchange, next) => {
    const socket = tlsSocketOf(exchange);
    exchange.user = await authenticator.authenticate(socket, exchange.headers.authorization);
    return next();
  };
}

/** The socket with the client's certificate. HTTP/2 hands out a proxy of it that refuses much, but not reading. */
function tlsSocketOf({ incoming }: Exchange): TLSSocket | undefined {
  const socket = ('stream' in incoming ? incoming.stream.session?.socket : incoming.socket) as TLSSocket | undefined;
  // The proxy is neither an instance of TLSSocket nor says what it has: only asking for the method tells.
  return typeof socket?.getPeerCertificate === 'function' ? socket : undefined;
}

function limitTime({ clock, timeoutMs }: FilterParts): Filter {
  return async (exchange, next) => {
    if (isLongRunning(exchange.info)) return next();
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = clock.timer(timeoutMs, () => {
      const error = requestTimeout('request did not complete within the allotted timeout', 0);
      reject(error);
      exchange.abort(error);
    });
    try {
      await Promise.race([next(), promise]);
    } finally {
      timer.cancel();
    }
  };
}

const readingVerbs = new Set(['get', 'list', 'watch']);

function limitInFlight({ maxInFlight, metrics }: FilterParts): Filter {
  const current = { reading: 0, writing: 0 };
  return async (exchange, next) => {
    if (isLongRunning(exchange.info)) return next();
    const kind = readingVerbs.has(exchange.info.verb) ? 'reading' : 'writing';
    if (current[kind] >= maxInFlight[kind] && !exchange.user.groups.includes('system:masters')) {
      throw tooManyRequests('Too many requests, please try again later.', 1);
    }
    current[kind] += 1;
    metrics.inFlight(kind, current[kind]);
    try {
      await next();
    } finally {
      current[kind] -= 1;
      metrics.inFlight(kind, current[kind]);
    }
  };
}

function actAs({ authorizer }: FilterParts): Filter {
  return (exchange, next) => {
    exchange.user = impersonate(exchange.user, exchange.headers, authorizer);
    return next();
  };
}

function authorize({ authorizer }: FilterParts): Filter {
  return (exchange, next) => {
    const { info, user, query } = exchange;
    const fieldSelector = query.get('fieldSelector');
    const attributes = { ...info, user, ...(fieldSelector && { fieldSelector }) };
    const decision = authorizer.authorize(attributes);
    if (!decision.allowed) throw forbiddenError(attributes, decision.reason);
    return next();
  };
}
