import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { silentLogger, systemClock, systemRandom, VirtualClock, type Logger } from '#base';
import { createCa, issueCertificate } from '#wire';
import type { Authenticator } from '../authn/authenticator.ts';
import { anonymous } from '../authn/users.ts';
import { FlowControl } from '../flowcontrol/index.ts';
import { Metrics } from '../metrics/metrics.ts';
import { HttpClient } from '../testing/http-client.ts';
import type { Exchange } from './exchange.ts';
import { chain } from './filter.ts';
import { errorAnswerer, filters } from './filters.ts';
import { Listener } from './listener.ts';

describe('the filters', () => {
  const clock = new VirtualClock();
  const logged: object[] = [];
  const log: Logger = { ...silentLogger, error: (fields) => void logged.push(fields) };
  let answer: (exchange: Exchange) => Promise<void>;
  let listener: Listener;
  let client: HttpClient;
  let url: string;
  let caPem: string;

  before(async () => {
    const ca = await createCa({ commonName: 'ca' });
    const serving = await issueCertificate(ca, { commonName: 'api', ipAddresses: ['127.0.0.1'] });
    const steps = filters({
      // The only user of these tests has no credentials.
      authenticator: { authenticate: () => Promise.resolve(anonymous) } as unknown as Authenticator,
      authorizer: { authorize: ({ path }) => ({ allowed: path !== '/forbidden', reason: '' }) },
      metrics: new Metrics({ clock, resources: [], version: 'v1.36.0' }),
      clock,
      random: systemRandom,
      log,
      timeoutMs: 60_000,
      flowControl: new FlowControl({ clock, seats: 2, maxWaitMs: 15_000, count: () => 0 }),
      stopped: new AbortController().signal,
    });
    const handle = chain({ filters: steps, last: (exchange) => answer(exchange), answerError: errorAnswerer({ log }) });
    const tls = { ...serving, clientCaPem: ca.certPem };
    listener = new Listener({ host: '127.0.0.1', port: 0, tls, clock: systemClock, log, handle });
    url = `https://127.0.0.1:${await listener.listen()}`;
    caPem = ca.certPem;
    client = new HttpClient({ url, caPem });
  });

  after(async () => {
    client[Symbol.dispose]();
    await listener.close(100);
  });

  test('an exception becomes a 500 Status and a log line, and the server lives on', async () => {
    answer = () => Promise.reject(new TypeError('oops'));
    const { status, json } = await client.get('/broken');
    assert.deepEqual([status, json.reason, json.message], [500, 'InternalError', 'Internal error occurred: oops']);
    assert.equal(logged.length, 1);
    answer = (exchange) => exchange.send(200, 'text/plain', 'fine');
    assert.equal((await client.get('/again')).text, 'fine');
  });

  test('every answer has an audit id, the client’s own where it is one', async () => {
    answer = (exchange) => exchange.send(200, 'text/plain', '');
    assert.match(String((await client.get('/')).headers['audit-id']), /^[0-9a-f-]{36}$/);
    assert.equal((await client.get('/', { 'audit-id': 'mine' })).headers['audit-id'], 'mine');
  });

  test('a request that takes too long is told so, and its work is called off', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    answer = async ({ signal }) => {
      begun.resolve(signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const asked = client.get('/slow');
    const signal = await begun.promise;
    await clock.advance(60_000);
    const { status, json } = await asked;
    assert.deepEqual([status, json.message], [504, 'Timeout: request did not complete within the allotted timeout']);
    assert.ok(signal.aborted);
  });

  test('more than may be in flight is refused, streams do not count', async () => {
    const bothBegun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let begun = 0;
    answer = async (exchange) => {
      begun += 1;
      if (begun === 2) bothBegun.resolve();
      await release.promise;
      await exchange.send(200, 'text/plain', 'done');
    };
    const watch = client.get('/api/v1/pods/p/log');
    const first = client.get('/one');
    await bothBegun.promise;
    const writing = client.post('/three', {});
    const refused = await client.get('/two');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1']);
    assert.equal(refused.text, 'Too many requests, please try again later.\n');
    release.resolve();
    assert.deepEqual([(await first).text, (await watch).text, (await writing).text], ['done', 'done', 'done']);
  });

  test('a client that goes away calls off the work', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    answer = async ({ signal }) => {
      begun.resolve(signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const leaver = new HttpClient({ url, caPem });
    leaver.get('/left').catch(() => {});
    const signal = await begun.promise;
    leaver[Symbol.dispose]();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });

  /** The answer to a GET over HTTP/1.1. */
  const getOverHttp1 = async (path: string): Promise<{ status: number | undefined; text: string }> => {
    const request = httpsRequest(`${url}${path}`, { ca: caPem, agent: false }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { status: response.statusCode, text: await text(response) };
  };

  test('HTTP/1.1 is served on the same port', async () => {
    answer = (exchange) => exchange.send(200, 'text/plain', `${exchange.method} ${exchange.path}`);
    assert.deepEqual(await getOverHttp1('/old'), { status: 200, text: 'GET /old' });
  });

  test('headers and URL may be a megabyte, as the arguments of exec are', async () => {
    answer = (exchange) => exchange.send(200, 'text/plain', String(exchange.path.length));
    assert.deepEqual(await getOverHttp1(`/${'a'.repeat(1_000_000)}`), { status: 200, text: '1000001' });
    const refused = { status: 431, text: '431 Request Header Fields Too Large' };
    assert.deepEqual(await getOverHttp1(`/${'a'.repeat(1_100_000)}`), refused);
  });
});
