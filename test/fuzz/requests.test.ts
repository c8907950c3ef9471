import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import * as fc from 'fast-check';
import type { Answer } from '../../src/apiserver/testing/http-client.ts';
import { fuzzTarget, inParallel, judge, seed } from './support/target.ts';

const maps = '/api/v1/namespaces/default/configmaps';
/** Errors of patches that upstream has no code for are 500 without a reason there, and so here (`handlers/patch.go`). */
function isUpstreams500({ status, json }: Answer): boolean {
  return status === 500 && json?.reason === undefined && /^(unknown patch type|map: |expected an? )/.test(json.message);
}

const bounds = { seed, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false } as const;

/** Text that is close to what a parser expects, or far from it. */
const near = (...parts: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((some) => some.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

const selector = near('a', 'b', '=', '==', '!=', ' in ', ' notin ', '(', ')', ',', '!', '<', '>', '/', ' ', '\\', 'é');
const revision = near('0', '1', '-', '9'.repeat(30), 'abc', '.', ' ', '+');
const token = near('e30', Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"../x"}').toString('base64url'), '=', '_');

describe('requests', () => {
  const target = fuzzTarget();

  test('selectors, revisions, tokens and limits are understood or refused', async (t) => {
    const query = fc.record(
      {
        labelSelector: selector,
        fieldSelector: near('metadata.name', 'spec.nodeName', '=', '!=', ',', '\\', 'constructor', '__proto__'),
        resourceVersion: revision,
        resourceVersionMatch: near('Exact', 'NotOlderThan', 'x'),
        continue: token,
        limit: revision,
        timeoutSeconds: fc.constant('1'),
        sendInitialEvents: near('true', 'false', 'x'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(maps, '/api/v1/pods', '/api/v1/events'), query, async (path, options) => {
        const answer = await target.client.ask(`${path}?${new URLSearchParams(options).toString()}`);
        // A revision that is still to come is waited for, and then told as a timeout, as upstream does.
        if (answer.status === 504) assert.match(answer.json?.message, /Too large resource version/);
        else judge(answer, `GET ${path} ${JSON.stringify(options)}`);
      }),
      { ...bounds, numRuns: 400 },
    );
    await target.assertSound();
    target.report(t);
  });

  test('paths and verbs that nobody means are refused', async (t) => {
    const segment = fc.oneof(
      fc.constantFrom(
        'api',
        'apis',
        'v1',
        'apps',
        'namespaces',
        'default',
        'pods',
        'configmaps',
        'status',
        'log',
        'proxy',
      ),
      fc.constantFrom('__proto__', 'constructor', 'toString', '..', '.', '%00', '%2f', '%2e%2e', '%ff', '%', '', ' '),
      fc.string({ maxLength: 20 }).map(encodeURIComponent),
    );
    const path = fc.array(segment, { maxLength: 8 }).map((segments) => `/${segments.join('/')}`.replaceAll(' ', '%20'));
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'NONSENSE');
    await fc.assert(
      fc.asyncProperty(path, method, async (path, method) => {
        if (method === 'DELETE') return; // a collection might really go
        const body = ['POST', 'PUT', 'PATCH'].includes(method) ? '{' : undefined;
        const { status, text } = await target.client.ask(path, { method, ...(body && { body }) });
        // 503: a proxy to what is not there, as upstream says it.
        assert.ok(
          (status >= 200 && status < 500) || status === 503,
          `${method} ${path}: ${status} ${text.slice(0, 300)}`,
        );
      }),
      { ...bounds, numRuns: 600 },
    );
    await target.assertSound();
    target.report(t);
  });

  test('headers that nobody means are read or refused', async (t) => {
    const value = fc.oneof(
      near('application/json', ';', 'as=Table', 'v=v1', 'g=meta.k8s.io', 'q=', '0', '*/*', ',').map((text) =>
        text.replaceAll(/[^\x20-\x7e]/g, ''),
      ),
      fc.constantFrom('x'.repeat(20_000), 'Bearer ', 'Bearer a.b.c', 'Basic ===', 'gzip', 'gzip;q=0', '__proto__'),
    );
    const name = fc.constantFrom(
      'accept',
      'content-type',
      'authorization',
      'accept-encoding',
      'impersonate-user',
      'x-remote-user',
      'if-none-match',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, value, { maxKeys: 3 }),
        fc.constantFrom(maps, '/apis', '/openapi/v2', '/version'),
        async (headers, path) => {
          const { status, text } = await target.client.get(path, { ...headers });
          assert.ok(
            status >= 200 && status < 500,
            `GET ${path} ${JSON.stringify(headers)}: ${status} ${text.slice(0, 300)}`,
          );
        },
      ),
      { ...bounds, numRuns: 300 },
    );
    await target.assertSound();
    target.report(t);
  });

  test('patches of every type are applied or refused', async (t) => {
    await target.ask(maps, {
      method: 'POST',
      body: { metadata: { name: 'patched', labels: { a: 'b' } }, data: { a: 'b' } },
    });
    const pointer = near(
      '/',
      'data',
      'metadata',
      'labels',
      'a',
      '~0',
      '~1',
      '~',
      '-',
      '0',
      '__proto__',
      'constructor',
      'polluted',
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, { polluted: true }, { $patch: 'delete' }, { $patch: 'nonsense' }),
    );
    const operation = fc.record(
      { op: near('add', 'remove', 'replace', 'move', 'copy', 'test'), path: pointer, from: pointer, value },
      { requiredKeys: ['op'] },
    );
    const key = fc.constantFrom(
      'metadata',
      'data',
      'labels',
      'finalizers',
      '$patch',
      '$setElementOrder/finalizers',
      '$deleteFromPrimitiveList/finalizers',
      '$retainKeys',
      '__proto__',
      'constructor',
      'binaryData',
      'immutable',
      'apiVersion',
      'kind',
    );
    const merge = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { maxKeys: 3 })), { maxKeys: 4 });
    const patch = fc.oneof(
      fc.tuple(
        fc.constant('application/json-patch+json'),
        fc.array(operation, { maxLength: 5 }).map((all) => JSON.stringify(all)),
      ),
      fc.tuple(
        fc.constantFrom(
          'application/merge-patch+json',
          'application/strategic-merge-patch+json',
          'application/apply-patch+yaml',
        ),
        merge.map((all) => JSON.stringify(all)),
      ),
      fc.tuple(fc.constantFrom('application/json-patch+json', 'text/plain', 'application/apply-patch+yaml'), fc.json()),
    );
    await fc.assert(
      fc.asyncProperty(patch, async ([type, body]) => {
        const query = type.includes('apply') ? '&fieldManager=fuzz' : '';
        const headers = { 'content-type': type };
        const path = `${maps}/patched?dryRun=All${query}`;
        const answer = await target.client.ask(path, { method: 'PATCH', headers, body });
        if (!isUpstreams500(answer)) judge(answer, `PATCH ${path} ${body}`);
      }),
      { ...bounds, numRuns: 800 },
    );
    await target.assertSound();
    target.report(t);
  });

  test('deletes take what they name, or are refused and take nothing', async (t) => {
    const ns = '/api/v1/namespaces/fuzz-deletes';
    await target.ask('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: 'fuzz-deletes' } } });
    const kept = { metadata: { name: 'kept', finalizers: ['fuzz.test/held'], labels: { kept: 'yes' } } };
    await target.ask(`${ns}/configmaps`, { method: 'POST', body: kept });
    const anything = fc.jsonValue({ maxDepth: 2 });
    const options = fc.record(
      {
        kind: fc.constantFrom('DeleteOptions', 'Pod', ''),
        apiVersion: fc.constantFrom('v1', 'policy/v1', 'meta.k8s.io/v1', 'x/y/z'),
        propagationPolicy: fc.oneof(fc.constantFrom('Foreground', 'Background', 'Orphan', 'x'), anything),
        orphanDependents: fc.oneof(fc.boolean(), anything),
        gracePeriodSeconds: fc.oneof(fc.integer(), anything),
        preconditions: fc.oneof(fc.record({ uid: fc.string(), resourceVersion: fc.string() }), anything),
        dryRun: fc.oneof(fc.constant(['All']), anything),
        ignoreStoreReadErrorWithClusterBreakingPotential: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.constant(undefined),
      options.map((one) => JSON.stringify(one)),
      near('{', '}', '"', '__proto__', ':', ',', '[', ']', 'null'),
    );
    const type = fc.constantFrom(
      'application/json',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
      'text/x',
    );
    const query = fc.record(
      {
        propagationPolicy: near('Orphan', 'Background', 'x'),
        gracePeriodSeconds: revision,
        dryRun: near('All', ','),
        labelSelector: selector,
        resourceVersion: revision,
        limit: revision,
        continue: token,
      },
      { requiredKeys: [] },
    );
    const where = fc.constantFrom('configmaps', 'configmaps/some', 'pods', 'services/none', 'events', 'configmaps/..');
    await fc.assert(
      fc.asyncProperty(where, query, body, type, async (where, options, body, type) => {
        await target.client.post(`${ns}/configmaps`, { metadata: { name: 'some' } });
        const path = `${ns}/${where}?${new URLSearchParams(options).toString()}`;
        const headers = { 'content-type': type };
        const answer = await target.client.ask(path, {
          method: 'DELETE',
          headers,
          ...(body !== undefined && { body }),
        });
        // As with a list, a revision that is still to come is waited for.
        if (answer.status === 504) assert.match(answer.json?.message, /Too large resource version/);
        else judge(answer, `DELETE ${path} ${type} ${body}`);
      }),
      { ...bounds, numRuns: 600 },
    );
    const still = await target.ask(`${ns}/configmaps/kept`);
    assert.deepEqual(still.json.metadata.finalizers?.includes('fuzz.test/held'), true, still.text);
    await target.assertSound();
    target.report(t);
  });

  test('clients that hang, vanish and talk nonsense hold nobody up', async (t) => {
    const { url, port, caPem } = target.server;
    const { certPem: cert, keyPem: key } = await target.server.certificate('admin', ['system:masters']);
    const session = connect(url, { ca: caPem, cert, key });
    session.on('error', () => {});
    const hanging = Array.from({ length: 50 }, (_, at) => {
      const headers = { ':path': at % 2 ? maps : `${maps}?watch=1`, ':method': at % 2 ? 'POST' : 'GET' };
      const stream = session.request({ ...headers, 'content-type': 'application/json' }, { endStream: at % 2 === 0 });
      stream.on('error', () => {});
      if (at % 2) stream.write('{"metadata":{"name":"half');
      return stream;
    });
    await target.assertSound();
    for (const [at, stream] of hanging.entries()) if (at % 3 === 0) stream.close(8); // CANCEL
    await target.assertSound();
    session.destroy();
    await inParallel(
      Array.from({ length: 20 }, (_, at) => at),
      async (at) => {
        const socket = connectTls({ port, host: '127.0.0.1', ca: caPem, ALPNProtocols: [at % 2 ? 'h2' : 'http/1.1'] });
        socket.on('error', () => {});
        await once(socket, 'secureConnect');
        socket.write(at % 4 < 2 ? Buffer.alloc(2000, at) : 'POST / HTTP/1.1\r\ncontent-length: 99\r\n\r\n{');
        socket.destroy();
      },
    );
    await target.assertSound();
    target.report(t);
  });
});
