import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '../registry/rest.ts';
import { messageOf, randomUuid, type Clock, type Logger, type Random } from '#base';
import { EtcdError } from '#etcd';
import { badRequest, parseDuration, requestTimeout, StatusError, tooManyRequests, type Status } from '#machinery';
import type { Authenticator } from '../authn/authenticator.ts';
import { impersonate } from '../authn/impersonation.ts';
import { forbiddenError, type Authorizer } from '../authz/attributes.ts';
import type { FlowControl, Grant, Refusal } from '../flowcontrol/index.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { answerStatus } from './answer-status.ts';
import { Deadlines } from './deadlines.ts';
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
  flowControl: FlowControl;
  /** Aborts when the server stops. */
  stopped: AbortSignal;
}

/** What every request passes, in this order, before a handler sees it. */
export function filters(parts: FilterParts): Filter[] {
  return [
    auditId(parts), // every answer can be found again by its id
    observe(parts), // counts and times what comes out of all below
    readRequestInfo, // which resource, which verb
    authenticate(parts), // who asks
    actAs(parts), // as whom
    limitTime(parts), // no request but a watch or a stream lasts for ever
    takeTurns(parts), // more than the machine can do waits, or is refused
    authorize(parts), // whether they may
  ];
}

function auditId({ random }: FilterParts): Filter {
  return (exchange) => {
    const given = exchange.headers['audit-id'];
    const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUuid(random);
    exchange.header('Audit-Id', id);
    exchange.header('Cache-Control', 'no-cache, private');
  };
}

function observe({ metrics, clock }: FilterParts): Filter {
  return (exchange) => {
    const started = clock.elapsed();
    exchange.finally(() => metrics.observe(exchange, (clock.elapsed() - started) / 1000));
  };
}

/** Whatever is thrown while a request is handled becomes a Status; nothing crashes the server. */
export function errorAnswerer({
  log,
}: Pick<FilterParts, 'log'>): (exchange: Exchange, error: unknown) => Promise<void> {
  return async (exchange, error) => {
    const status = statusOf(error);
    if (!(error instanceof StatusError) && !exchange.aborted) {
      log.error({ method: exchange.method, path: exchange.path, user: exchange.user.name, error }, 'request failed');
    }
    await answerStatus(exchange, status);
  };
}

function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  // What upstream's storage does not translate reaches the client in etcd's own words (`responsewriters/status.go`);
  // of a disk that takes nothing also where it is, so that somebody can make room.
  if (error instanceof EtcdError)
    return { ...failure, message: ofDisk(error) ? error.message : error.words, code: 500 };
  const message = `Internal error occurred: ${messageOf(error)}`;
  return { ...failure, message, reason: 'InternalError', code: 500 };
}

function ofDisk({ code }: EtcdError): boolean {
  return code === 'ErrNoSpace' || code === 'ErrWriteFailed';
}

const failure = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' } as const;

const readRequestInfo: Filter = (exchange) => {
  try {
    exchange.info = requestInfoOf(exchange.method, exchange.path, () => exchange.query);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
};

function authenticate({ authenticator, metrics: { access } }: FilterParts): Filter {
  const known = (exchange: Exchange, user: UserInfo): void => {
    exchange.user = user;
    access.authenticated(user);
  };
  const refused = (error: unknown): never => {
    access.refused();
    throw error;
  };
  return (exchange) => {
    try {
      const user = authenticator.authenticate(tlsSocketOf(exchange), exchange.headers.authorization);
      if (!(user instanceof Promise)) return known(exchange, user);
      return user.then((one) => known(exchange, one), refused);
    } catch (error) {
      return refused(error);
    }
  };
}

/** The socket with the client's certificate. HTTP/2 hands out a proxy of it that refuses much, but not reading. */
function tlsSocketOf({ socket }: Exchange): TLSSocket | undefined {
  const maybe = socket as TLSSocket | undefined;
  // The proxy is neither an instance of TLSSocket nor says what it has: only asking for the method tells.
  return typeof maybe?.getPeerCertificate === 'function' ? maybe : undefined;
}

/** Answers for a request whose time is over, while whoever works on it is called off. */
function limitTime({ clock, timeoutMs, stopped, log, metrics }: FilterParts): Filter {
  const answerError = errorAnswerer({ log });
  const onLate = (exchange: Exchange): void => {
    const error = requestTimeout('request did not complete within the allotted timeout', 0);
    exchange.abort(error);
    metrics.terminated(exchange, 504);
    answerError(exchange, error).catch((failure: unknown) => log.error({ path: exchange.path, failure }, 'no answer'));
  };
  const deadlines = new Deadlines({ clock, timeoutMs, stopped, onLate });
  return (exchange) => {
    if (isLongRunning(exchange.info)) return;
    checkTimeout(exchange);
    deadlines.begin(exchange);
    exchange.finally(() => deadlines.end(exchange));
  };
}

/** Clients may say how long they wait; what is no duration is refused (`filters/request_deadline.go`). */
function checkTimeout({ query }: Exchange): void {
  const timeout = query.get('timeout');
  if (!timeout) return;
  try {
    parseDuration(timeout);
  } catch (error) {
    throw badRequest(`invalid timeout specified in the request URL - ${messageOf(error)}`);
  }
}

const readingVerbs = new Set(['get', 'list', 'watch']);

/** Where not all can be served at once: who is, who waits, and who is refused. */
function takeTurns({ flowControl, metrics }: FilterParts): Filter {
  const current = { reading: 0, writing: 0 };
  const proceed = (exchange: Exchange, taken: Grant | Refusal): void | Promise<void> => {
    if (typeof taken === 'string') {
      metrics.terminated(exchange, 429);
      return refuse(exchange);
    }
    // What a watch costs is its beginning.
    if (exchange.info.verb === 'watch') return taken.release();
    const kind = readingVerbs.has(exchange.info.verb) ? 'reading' : 'writing';
    metrics.inFlight(kind, ++current[kind]);
    exchange.finally(() => {
      metrics.inFlight(kind, --current[kind]);
      taken.release();
    });
  };
  return (exchange) => {
    const { info, user } = exchange;
    if (info.verb !== 'watch' && isLongRunning(info)) return undefined;
    const flow = flowControl.classify(user, info);
    if (!flow) return undefined;
    const { schema, level } = flow;
    if (schema.metadata.uid) exchange.header('X-Kubernetes-PF-FlowSchema-UID', schema.metadata.uid);
    if (level.uid) exchange.header('X-Kubernetes-PF-PriorityLevel-UID', level.uid);
    const taken = flowControl.take(flow, exchange);
    return taken instanceof Promise ? taken.then((one) => proceed(exchange, one)) : proceed(exchange, taken);
  };
}

/** As plain text, as upstream's (`filters/priority-and-fairness.go`). */
async function refuse(exchange: Exchange): Promise<never> {
  const why = 'Too many requests, please try again later.';
  exchange.header('Retry-After', '1');
  exchange.header('X-Content-Type-Options', 'nosniff');
  await exchange.send(429, 'text/plain; charset=utf-8', `${why}\n`);
  throw tooManyRequests(why, 1);
}

function actAs({ authorizer }: FilterParts): Filter {
  return (exchange) => {
    try {
      exchange.user = impersonate(exchange.user, exchange.headers, exchange.info, authorizer);
    } catch (error) {
      exchange.header('X-Content-Type-Options', 'nosniff');
      throw error;
    }
  };
}

function authorize({ authorizer, metrics }: FilterParts): Filter {
  return (exchange) => {
    const { info, user, query } = exchange;
    const fieldSelector = query.get('fieldSelector');
    const attributes = { ...info, user, ...(fieldSelector && { fieldSelector }) };
    const decision = authorizer.authorize(attributes);
    metrics.access.authorized(decision.allowed);
    if (decision.allowed) return;
    exchange.header('X-Content-Type-Options', 'nosniff');
    throw forbiddenError(attributes, decision.reason);
  };
}
