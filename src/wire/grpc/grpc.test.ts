import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bytes, int64, message, string } from '../protobuf/fields.ts';
import { createCa, issueCertificate } from '../x509/issue.ts';
import { GrpcChannel } from './client.ts';
import { checkHealth, healthService } from './health.ts';
import { RpcError } from './rpc-error.ts';
import { encode } from '../protobuf/encode.ts';
import { EncodedMessages, FrameReader, frameOf } from './frames.ts';
import { handle, implement } from './handlers.ts';
import { serveGrpc } from './server.ts';
import { bidi, serverStream, service, unary, type ServiceOf } from './service.ts';

class Words extends message({ text: string(1), count: int64(2), raw: bytes(3) }) {}

const talk = service('test.Talk', {
  echo: unary('Echo', Words, Words),
  count: serverStream('Count', Words, Words),
  chat: bidi('Chat', Words, Words),
});

/** What the service saw of its calls' ends. */
const ends: string[] = [];

class Talk implements ServiceOf<typeof talk> {
  readonly #prefix = '>';

  async echo(request: Words, signal?: AbortSignal): Promise<Words> {
    if (request.text === 'plain error') throw new Error('something broke');
    if (request.text === 'not found') throw new RpcError('NotFound', 'no such "thing": ü');
    if (request.text === 'sleep') {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      ends.push('echo');
    }
    return { ...request, text: this.#prefix + request.text };
  }

  async *count(request: Words, signal?: AbortSignal): AsyncGenerator<Words> {
    try {
      for (let count = 0; count < request.count; count++) yield Words.of({ count, raw: request.raw });
      if (request.text === 'fail') throw new RpcError('DataLoss', 'gone');
      if (request.text === 'stay') await new Promise<void>((r) => signal?.addEventListener('abort', () => r()));
    } finally {
      ends.push('count');
    }
  }

  async *chat(requests: AsyncIterable<Words>): AsyncGenerator<Words> {
    for await (const { text } of requests) yield Words.of({ text: `re: ${text}` });
    yield Words.of({ text: 'bye' });
  }
}

const directory = mkdtempSync(join(tmpdir(), 'kedge-grpc-'));
const socketPath = join(directory, 's.sock');
const server = await serveGrpc({ services: [implement(talk, new Talk())], listen: { socketPath } });
const channel = new GrpcChannel({ address: `unix:${socketPath}` });
const client = channel.of(talk);
after(async () => {
  await channel.close();
  await server.close();
  assert.equal(existsSync(socketPath), false);
  rmSync(directory, { recursive: true });
});

async function ended(what: string): Promise<void> {
  while (!ends.includes(what)) await new Promise((resolve) => setImmediate(resolve));
  ends.length = 0;
}

test('a stream may give messages that it encoded itself, in parts that many share', async () => {
  const shared = Buffer.from(encode(Words, Words.of({ raw: Buffer.alloc(1000, 7) })));
  const given = service('test.Given', { count: talk.methods.count });
  const giver = handle(given, {
    async *count(request) {
      const messages = new EncodedMessages();
      for (let count = 1; count <= request.count; count++)
        messages.add([encode(Words, Words.of({ count })), encode(Words, Words.of({ text: 'own' }))], [shared]);
      yield messages;
      yield Words.of({ text: 'as ever' });
    },
  });
  const path = join(directory, 'given.sock');
  const serving = await serveGrpc({ services: [giver], listen: { socketPath: path } });
  const own = new GrpcChannel({ address: `unix:${path}` });
  const got: string[] = [];
  for await (const { text, count, raw } of own.of(given).count(Words.of({ count: 50 })))
    got.push(`${text} ${count} ${raw.length}`);
  assert.deepEqual(got, [...Array.from({ length: 50 }, (_, at) => `own ${at + 1} 1000`), 'as ever 0 0']);
  await own.close();
  await serving.close();
});

test('a stream keeps nothing of the requests that it has sent', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let ask = Promise.withResolvers<void>();
  async function* requests(): AsyncGenerator<Words> {
    for (;;) {
      await ask.promise;
      ask = Promise.withResolvers();
      yield Words.of();
    }
  }
  const answers = client.chat(requests())[Symbol.asyncIterator]();
  const round = 1_000;
  const usedAfterRound = async (): Promise<number> => {
    for (let n = 0; n < round; n++) {
      ask.resolve();
      await answers.next();
    }
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const used: number[] = [];
  for (let n = 0; n < 5; n++) used.push(await usedAfterRound());
  // What else is new in memory comes once; what is kept of a request, in every round.
  const grown = Math.min(...used.slice(1).map((bytes, at) => bytes - (used[at] ?? 0)));
  assert.ok(grown < 100 * round, `${grown / round} bytes a request`);
  await answers.return?.();
});

test('one request, one answer; large ones, too', async () => {
  assert.equal((await client.echo(Words.of({ text: 'hello' }))).text, '>hello');
  const raw = Buffer.alloc(6_000_000, 7);
  assert.deepEqual(Buffer.from((await client.echo(Words.of({ raw }))).raw), raw);
});

test('errors keep their code and their words', async () => {
  const failure = (text: string) => client.echo(Words.of({ text })).catch((error: unknown) => error as RpcError);
  assert.deepEqual(pick(await failure('not found')), ['NotFound', 'no such "thing": ü']);
  assert.deepEqual(pick(await failure('plain error')), ['Unknown', 'something broke']);
});

function pick(error: RpcError | Words): unknown[] {
  return error instanceof RpcError ? [error.code, error.message] : ['no error'];
}

test('a signal cancels the call on both sides', async () => {
  const abort = new AbortController();
  const call = client.echo(Words.of({ text: 'sleep' }), abort.signal);
  setImmediate(() => abort.abort());
  await assert.rejects(call, (error) => error instanceof RpcError && error.code === 'Canceled');
  const late = client.echo(Words.of({ text: 'sleep' }), AbortSignal.timeout(50));
  await assert.rejects(late, (error) => error instanceof RpcError && error.code === 'DeadlineExceeded');
  await ended('echo');
});

test('a stream gives all in order, then its error', async () => {
  const seen: number[] = [];
  const read = async (): Promise<void> => {
    for await (const { count } of client.count(Words.of({ count: 1000, text: 'fail' }))) seen.push(count);
  };
  await assert.rejects(read(), (error) => error instanceof RpcError && error.code === 'DataLoss');
  assert.deepEqual(
    seen,
    Array.from({ length: 1000 }, (_, i) => i),
  );
  await ended('count');
});

test('breaking off a stream, or aborting it, ends it on the server', async () => {
  for await (const { count } of client.count(Words.of({ count: 1e9 }))) if (count === 5) break;
  await ended('count');
  const abort = new AbortController();
  const read = async (): Promise<void> => {
    for await (const _ of client.count(Words.of({ count: 1, text: 'stay' }), abort.signal)) abort.abort();
  };
  await assert.rejects(read(), (error) => error instanceof RpcError && error.code === 'Canceled');
  await ended('count');
});

test('a slow reader holds the server back', async () => {
  let given = 0;
  class Fast extends Talk {
    override async *count(): AsyncGenerator<Words> {
      for (; given < 10_000; given++) yield Words.of({ raw: Buffer.alloc(10_000) });
    }
  }
  const path = join(directory, 'fast.sock');
  const fast = await serveGrpc({ services: [implement(talk, new Fast())], listen: { socketPath: path } });
  const reader = new GrpcChannel({ address: `unix:${path}` });
  const answers = reader.of(talk).count(Words.of())[Symbol.asyncIterator]();
  await answers.next();
  for (let before = -1; before !== given;) {
    before = given;
    for (let turns = 0; turns < 500; turns++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(given < 5000, `${given} of 10000 were made for a reader that sleeps`);
  await answers.return?.();
  await reader.close();
  await fast.close();
});

test('both sides talk at once', async () => {
  async function* requests(): AsyncGenerator<Words> {
    yield Words.of({ text: 'a' });
    yield Words.of({ text: 'b' });
  }
  const seen: string[] = [];
  for await (const { text } of client.chat(requests())) seen.push(text);
  assert.deepEqual(seen, ['re: a', 're: b', 'bye']);
});

test('a call may wait for its server, as long as its signal lets it', async () => {
  const path = join(directory, 'late.sock');
  const waiting = new GrpcChannel({ address: `unix:${path}` });
  const late = waiting.of(talk, { waitForReady: true });
  const gone = late.echo(Words.of(), AbortSignal.timeout(50));
  await assert.rejects(gone, (error) => error instanceof RpcError && error.code === 'DeadlineExceeded');
  const answer = late.echo(Words.of({ text: 'early' }));
  const started = await serveGrpc({ services: [implement(talk, new Talk())], listen: { socketPath: path } });
  assert.equal((await answer).text, '>early');
  await waiting.close();
  await started.close();
});

test('a service that is not there, a server that is not there', async () => {
  const wrong = channel.of(healthService).check({ service: '' });
  await assert.rejects(wrong, (error) => error instanceof RpcError && error.code === 'Unimplemented');
  const nobody = checkHealth({ address: `unix:${join(directory, 'none.sock')}` });
  await assert.rejects(nobody, (error) => error instanceof RpcError && error.code === 'Unavailable');
});

test('a stream that failed before anybody read it tells so', async () => {
  const nobody = new GrpcChannel({ address: `unix:${join(directory, 'nobody.sock')}` });
  const answers = nobody.of(talk).count(Words.of({ count: 1 }));
  await assert.rejects(nobody.of(talk).echo(Words.of({})), { code: 'Unavailable' });
  await new Promise((resolve) => setTimeout(resolve, 50)); // it has failed by then, or fails while it is read: both must be told
  await assert.rejects(Array.fromAsync(answers), { code: 'Unavailable' });
  await nobody.close();
});

test('TLS with client certificates, and health', async () => {
  const ca = await createCa({ commonName: 'ca' });
  const serving = await issueCertificate(ca, { commonName: 's', dnsNames: ['localhost'], usages: ['server'] });
  const me = await issueCertificate(ca, { commonName: 'me', usages: ['client'] });
  async function* watch(): AsyncGenerator<{ status: 'SERVING' }> {
    yield { status: 'SERVING' };
  }
  const check = async ({ service: name }: { service: string }): Promise<{ status: 'SERVING' | 'NOT_SERVING' }> => {
    if (name === 'ghost') throw new RpcError('NotFound', 'unknown service');
    return { status: name === 'ill' ? 'NOT_SERVING' : 'SERVING' };
  };
  const secure = await serveGrpc({
    services: [implement(healthService, { check, watch })],
    listen: { host: '127.0.0.1', port: 0 },
    tls: { cert: serving.certPem, key: serving.keyPem, clientCa: ca.certPem },
  });
  const address = `localhost:${secure.port}`;
  const target = { address, tls: { ca: ca.certPem, cert: me.certPem, key: me.keyPem } };
  assert.equal(await checkHealth(target), 'SERVING');
  assert.equal(await checkHealth(target, 'ill'), 'NOT_SERVING');
  await assert.rejects(checkHealth(target, 'ghost'), /unknown service/);
  await assert.rejects(checkHealth({ address, tls: { ca: ca.certPem } }), RpcError);
  await secure.close();
});

test('garbage, on the connection or in a message, harms nobody else', async () => {
  const socket = net.connect(socketPath);
  socket.end('\x00\xff garbage \r\n\r\n');
  socket.on('error', () => {}).resume();
  const session = http2.connect('http://localhost', { createConnection: () => net.connect(socketPath) });
  session.on('error', () => {});
  const headers = { ':method': 'POST', ':path': '/test.Talk/Echo', 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request(headers);
  stream.end(Buffer.from([0, 0, 0, 0, 3, 0x0a, 0xff, 0xff]));
  const trailers = await new Promise<http2.IncomingHttpHeaders>((resolve) => {
    stream.on('response', (answer) => 'grpc-status' in answer && resolve(answer));
    stream.on('trailers', resolve);
    stream.resume();
  });
  assert.equal(trailers['grpc-status'], '13');
  session.destroy();
  assert.equal((await client.echo(Words.of({ text: 'still here' }))).text, '>still here');
});

test('a handler sees the metadata of its call and who calls, and is told of the deadline', async () => {
  const ca = await createCa({ commonName: 'ca' });
  const serving = await issueCertificate(ca, { commonName: 's', dnsNames: ['localhost'], usages: ['server'] });
  const me = await issueCertificate(ca, { commonName: 'me', usages: ['client'] });
  const told = Promise.withResolvers<unknown>();
  const secure = await serveGrpc({
    services: [
      handle(talk, {
        echo: async (request, call) => {
          if (request.text === 'wait') call.signal.addEventListener('abort', () => told.resolve(call.signal.reason));
          if (request.text === 'wait') await told.promise;
          return Words.of({ text: `${call.clientCommonName} ${call.metadata('colour')}` });
        },
        async *count() {},
        async *chat() {},
      }),
    ],
    listen: { host: '127.0.0.1', port: 0 },
    tls: { cert: serving.certPem, key: serving.keyPem, clientCa: ca.certPem },
  });
  const session = http2.connect(`https://localhost:${secure.port}`, {
    ca: ca.certPem,
    cert: me.certPem,
    key: me.keyPem,
  });
  const ask = (text: string, more: http2.OutgoingHttpHeaders) =>
    call(session, '/test.Talk/Echo', Words.of({ text }), more);
  assert.match((await ask('who', { colour: 'red' })).body.toString(), /me red/);
  assert.equal((await ask('wait', { 'grpc-timeout': '20m' })).status, '4');
  assert.ok(await told.promise);
  session.destroy();
  await secure.close();
});

/** A call by hand: the bytes that were answered, and the status. */
async function call(
  session: http2.ClientHttp2Session,
  path: string,
  request: Words,
  more: http2.OutgoingHttpHeaders = {},
): Promise<{ body: Buffer; status: unknown }> {
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...more });
  stream.end(frameOf(Words, request));
  const ended: http2.IncomingHttpHeaders[] = [];
  stream.on('response', (headers) => ended.push(headers)).on('trailers', (headers) => ended.push(headers));
  const body = Buffer.concat(await stream.toArray());
  return { body, status: ended.at(-1)?.['grpc-status'] };
}

test('plain HTTP is answered on the same port, of either version', async () => {
  const mixed = await serveGrpc({
    services: [implement(talk, new Talk())],
    listen: { host: '127.0.0.1', port: 0 },
    http: async ({ method, path }) => {
      if (path === '/broken') throw new Error('broken');
      return { status: 200, contentType: 'text/plain', body: `${method} ${path}` };
    },
  });
  const origin = `http://127.0.0.1:${mixed.port}`;
  const answer = await fetch(`${origin}/health?serializable=true`, { headers: { connection: 'close' } });
  assert.equal(await answer.text(), 'GET /health');
  assert.equal((await fetch(`${origin}/broken`, { headers: { connection: 'close' } })).status, 500);
  const session = http2.connect(origin);
  const stream = session.request({ ':path': '/version' });
  assert.equal(Buffer.concat(await stream.toArray()).toString(), 'GET /version');
  assert.match((await call(session, '/test.Talk/Echo', Words.of({ text: 'both' }))).body.toString(), />both/);
  session.close();
  await mixed.close();
});

test('messages are found however their bytes arrive', () => {
  const sent = ['', 'a', 'b'.repeat(300)].map((text) => frameOf(Words, Words.of({ text })));
  const wire = Buffer.concat(sent);
  for (const size of [1, 2, 5, 7, 300, wire.length]) {
    const reader = new FrameReader(1000);
    const found: Buffer[] = [];
    for (let at = 0; at < wire.length; at += size) found.push(...reader.push(wire.subarray(at, at + size)));
    assert.deepEqual(
      found.map((payload) => payload.length),
      sent.map((frame) => frame.length - 5),
    );
  }
  assert.throws(() => new FrameReader(3).push(Buffer.from([0, 0, 0, 0, 4])), /larger than max \(4 vs. 3\)/);
  assert.throws(() => new FrameReader(3).push(Buffer.from([1, 0, 0, 0, 1, 0])), /compression/);
});
