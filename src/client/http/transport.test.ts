import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2, { type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http2';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { silentLogger, VirtualClock } from '#base';
import { isStatusError } from '#machinery';
import { Client } from '../client.ts';
import { widgets } from '../fake/widget.ts';
import { httpTransport } from './transport.ts';

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: string) => void;

class TestServer {
  answer: Answer = (stream) => json(stream, {});
  readonly sessions = new Set<ServerHttp2Session>();
  readonly #server: Http2Server = http2.createServer();

  constructor() {
    this.#server.on('session', (session) => {
      this.sessions.add(session);
      session.on('error', () => {});
      session.on('close', () => this.sessions.delete(session));
    });
    this.#server.on('stream', (stream: ServerHttp2Stream, headers) => {
      let body = '';
      stream.on('error', () => {});
      stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
      stream.on('end', () => this.answer(stream, headers, body));
    });
  }

  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function json(stream: ServerHttp2Stream, body: unknown, code = 200, headers: Record<string, string> = {}): void {
  stream.respond({ ':status': code, 'content-type': 'application/json', ...headers });
  stream.end(JSON.stringify(body));
}

async function world(t: TestContext) {
  const server = new TestServer();
  const port = await server.listen();
  const transport = httpTransport({ server: `http://127.0.0.1:${port}`, token: () => 'secret', log: silentLogger });
  t.after(async () => {
    await transport.close?.();
    await server.close();
  });
  const calls = new Client({ transport, component: 'tester' }).of(widgets).in('default');
  return { server, port, transport, calls };
}

test('a call becomes method, path, query, token and body', async (t) => {
  const { server, calls } = await world(t);
  const asked: unknown[] = [];
  server.answer = (stream, headers, body) => {
    asked.push([headers[':method'], headers[':path'], headers['content-type'], body]);
    assert.equal(headers.authorization, 'Bearer secret');
    assert.match(headers['user-agent'] ?? '', /tester/);
    json(stream, {});
  };
  const object = { metadata: { name: 'a' }, spec: { size: 1 } };
  await calls.create(object, { fieldManager: 'me' });
  await calls.patch('a', { spec: { size: 2 } }, { subresource: 'status' });
  await calls.delete('a', { gracePeriodSeconds: 0 });
  const base = '/apis/things.test/v1/namespaces/default/widgets';
  const sent = JSON.stringify({ ...object, apiVersion: 'things.test/v1', kind: 'Widget' });
  assert.deepEqual(asked, [
    ['POST', `${base}?fieldManager=me`, 'application/json', sent],
    ['PATCH', `${base}/a/status`, 'application/merge-patch+json', '{"spec":{"size":2}}'],
    ['DELETE', `${base}/a`, 'application/json', '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}'],
  ]);
});

test('items of a list carry their apiVersion and kind', async (t) => {
  const { server, calls } = await world(t);
  server.answer = (stream, headers) => {
    assert.equal(headers[':path'], '/apis/things.test/v1/namespaces/default/widgets?labelSelector=a%3Db');
    json(stream, { kind: 'WidgetList', metadata: { resourceVersion: '7' }, items: [{ metadata: { name: 'a' } }] });
  };
  const { items, resourceVersion } = await calls.list({ labelSelector: 'a=b' });
  assert.equal(resourceVersion, '7');
  assert.equal(items[0]?.kind, 'Widget');
});

test("errors are the server's words, or what HTTP says", async (t) => {
  const { server, calls } = await world(t);
  server.answer = (stream) =>
    json(stream, { kind: 'Status', reason: 'NotFound', message: 'no "a" here', code: 404, metadata: {} }, 404);
  await assert.rejects(calls.get('a'), (error) => isStatusError(error, 'NotFound') && error.message === 'no "a" here');
  server.answer = (stream) => {
    stream.respond({ ':status': 502 });
    stream.end('bad gateway');
  };
  await assert.rejects(calls.get('a'), (error) => isStatusError(error) && error.code === 502);
});

test('a server that asks for patience gets it', async (t) => {
  const { server, calls } = await world(t);
  let asked = 0;
  server.answer = (stream) =>
    ++asked < 3 ? json(stream, {}, 429, { 'retry-after': '0' }) : json(stream, { metadata: { name: 'a' } });
  assert.equal((await calls.get('a')).metadata.name, 'a');
  assert.equal(asked, 3);
});

test('a watch reads events however they are cut', async (t) => {
  const { server, calls } = await world(t);
  const lines = ['a', 'ä'.repeat(40_000), 'c']
    .map((name) => JSON.stringify({ type: 'ADDED', object: { metadata: { name } } }))
    .join('\n');
  server.answer = (stream, headers) => {
    assert.match(headers[':path'] ?? '', /watch=true/);
    stream.respond({ ':status': 200 });
    const bytes = Buffer.from(`${lines}\n`);
    const cuts = [0, 1, 10, 60, 30_001, bytes.length - 3, bytes.length];
    for (const [at, from] of cuts.slice(0, -1).entries()) stream.write(bytes.subarray(from, cuts[at + 1]));
    stream.end();
  };
  const events = await Array.fromAsync(calls.watch());
  assert.deepEqual(
    events.map(({ object }) => object.metadata.name?.length),
    [1, 40_000, 1],
  );
});

test('an ERROR event ends a watch with that error', async (t) => {
  const { server, calls } = await world(t);
  server.answer = (stream) =>
    json(stream, { type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410, message: 'too old' } });
  await assert.rejects(Array.fromAsync(calls.watch()), (error) => isStatusError(error, 'Expired'));
});

test('an abort ends a watch, and the server sees it', async (t) => {
  const { server, calls } = await world(t);
  const closed = Promise.withResolvers<void>();
  const stop = new AbortController();
  server.answer = (stream) => {
    stream.respond({ ':status': 200 });
    stream.write(`${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'a' } } })}\n`);
    stream.on('close', closed.resolve);
  };
  let seen = 0;
  for await (const _ of calls.watch({ signal: stop.signal })) {
    seen++;
    stop.abort();
  }
  assert.equal(seen, 1);
  await closed.promise;
});

test('a read survives the end of its connection', async (t) => {
  const { server, calls } = await world(t);
  let asked = 0;
  server.answer = (stream) => {
    if (++asked === 1) stream.session?.destroy();
    else json(stream, { metadata: { name: 'a' } });
  };
  assert.equal((await calls.get('a')).metadata.name, 'a');
});

test('a write does not go out twice', async (t) => {
  const { server, calls } = await world(t);
  let asked = 0;
  server.answer = (stream) => {
    asked++;
    stream.session?.destroy();
  };
  await assert.rejects(calls.create({ metadata: { name: 'a' } }));
  assert.equal(asked, 1);
});

test('after a GOAWAY old calls end well and new ones take another connection', async (t) => {
  const { server, calls } = await world(t);
  const first = Promise.withResolvers<ServerHttp2Stream>();
  server.answer = (stream) => first.resolve(stream);
  const slow = calls.get('slow');
  const stream = await first.promise;
  const [old] = server.sessions;
  stream.session?.goaway(0);
  server.answer = (other) => json(other, { metadata: { name: other.session === old ? 'old' : 'new' } });
  let name: string | undefined;
  while (name !== 'new') name = (await calls.get('quick')).metadata.name;
  json(stream, { metadata: { name: 'slow' } });
  assert.equal((await slow).metadata.name, 'slow');
});

test('a server that comes back is found again', async (t) => {
  const { server, port, calls } = await world(t);
  await calls.get('a');
  await server.close();
  await assert.rejects(calls.get('a'), /cannot reach/);
  const again = new TestServer();
  await again.listen(port);
  t.after(() => again.close());
  let answered = false;
  while (!answered)
    answered = await calls.get('a').then(
      () => true,
      () => false,
    );
  await server.listen(); // so that the clean-up finds it open
});

test('a connection whose other end is silent is given up', async (t) => {
  const server = new TestServer();
  const port = await server.listen();
  const sockets: Socket[] = [];
  const relay = createServer((socket) => {
    const upstream = connect(port, '127.0.0.1');
    for (const one of [socket, upstream]) one.on('error', () => {});
    sockets.push(socket, upstream);
    socket.pipe(upstream).pipe(socket);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const clock = new VirtualClock();
  const relayed = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  const transport = httpTransport({ server: relayed, log: silentLogger, clock });
  t.after(async () => {
    await transport.close?.();
    for (const socket of sockets) socket.destroy();
    relay.close();
    await server.close();
  });
  const calls = new Client({ transport }).of(widgets).in('default');
  await calls.get('a');
  server.answer = () => {}; // never
  const hanging = calls.create({ metadata: { name: 'a' } });
  const failed = assert.rejects(hanging, /ping/);
  for (const socket of sockets) socket.unpipe().pause();
  await clock.advance(30_000);
  await clock.advance(15_000);
  await failed;
});
