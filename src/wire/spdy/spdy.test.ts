import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { deflateSync, constants, createDeflate } from 'node:zlib';
import * as fc from 'fast-check';
import { tcpPair } from '../testing/tcp-pair.ts';
import { SpdyConnection } from './connection.ts';
import { headerDictionary, headerDictionaryId } from './dictionary.ts';
import { controlFrame, FrameParser, frameTypes, synStreamFrame } from './frames.ts';
import { HeaderDecoder, HeaderEncoder, type Headers } from './header-block.ts';
import type { SpdyStream } from './stream.ts';

function adler(data: Buffer): number {
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

/** All of a stream; `node:stream/consumers` would destroy the half that writes. */
async function buffer(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!stream.readableEnded) await once(stream, 'end');
  return Buffer.concat(chunks);
}

async function text(stream: Duplex): Promise<string> {
  return (await buffer(stream)).toString();
}

interface Pair {
  client: SpdyConnection;
  server: SpdyConnection;
  incoming: AsyncGenerator<SpdyStream>;
  wire: Duplex;
}

async function pair(): Promise<Pair> {
  const [left, right] = await tcpPair();
  const arrived: SpdyStream[] = [];
  let wake = (): void => {};
  const onStream = (stream: SpdyStream): boolean => {
    arrived.push(stream);
    wake();
    return true;
  };
  async function* streams(): AsyncGenerator<SpdyStream> {
    for (;;) {
      const next = arrived.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    client: new SpdyConnection({ socket: left, server: false }),
    server: new SpdyConnection({ socket: right, server: true, onStream }),
    incoming: streams(),
    wire: left,
  };
}

async function next(incoming: AsyncGenerator<SpdyStream>): Promise<SpdyStream> {
  const { value } = await incoming.next();
  return value as SpdyStream;
}

test('the dictionary is the one of the specification', () => {
  assert.equal(headerDictionary.length, 1423);
  assert.equal(adler(headerDictionary), headerDictionaryId);
});

test('header blocks of a compressing peer are read, one after the other', async () => {
  const deflate = createDeflate({ dictionary: headerDictionary });
  const decoder = new HeaderDecoder();
  const compress = async (block: Buffer): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): number => chunks.push(chunk);
    deflate.on('data', collect);
    await new Promise((resolve) => deflate.write(block, resolve));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    deflate.off('data', collect);
    return Buffer.concat(chunks);
  };
  for (let i = 0; i < 200; i++) {
    const headers = { streamtype: 'data', port: '8080', requestid: String(i), long: 'xyz'.repeat(i * 5) };
    const plain = new HeaderEncoder().encode(headers).subarray(11, -5);
    assert.deepEqual({ ...decoder.decode(await compress(plain)) }, headers);
  }
  deflate.close();
});

test('our header blocks are a zlib stream with the dictionary', () => {
  const encoder = new HeaderEncoder();
  const decoder = new HeaderDecoder();
  const blocks: Headers[] = [{ a: '1' }, {}, { streamtype: 'error', port: '1' }];
  for (const headers of blocks) {
    assert.deepEqual({ ...decoder.decode(encoder.encode(headers)) }, headers);
  }
});

test('header blocks that explode are refused', () => {
  const bomb = deflateSync(Buffer.alloc(10_000_000), { dictionary: headerDictionary });
  assert.throws(() => new HeaderDecoder().decode(bomb));
});

test('frames are found whatever the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      (datas, cut) => {
        const bytes = Buffer.concat(
          datas.flatMap((data) => {
            const header = Buffer.alloc(8);
            header.writeUInt32BE(5, 0);
            header.writeUIntBE(data.length, 5, 3);
            return [header, Buffer.from(data), controlFrame(frameTypes.ping, [7])];
          }),
        );
        const seen: Buffer[] = [];
        let pings = 0;
        const parser = new FrameParser({ data: (_, data) => seen.push(data), control: () => pings++ });
        for (let at = 0; at < bytes.length; at += cut) parser.push(bytes.subarray(at, at + cut));
        assert.deepEqual(Buffer.concat(seen), Buffer.concat(datas.map((data) => Buffer.from(data))));
        assert.equal(pings, datas.length);
      },
    ),
  );
});

test('megabytes go both ways on one stream, and each side ends by itself', async () => {
  const { client, server, incoming } = await pair();
  const big = Buffer.alloc(3_000_000, 'abcdefg');
  const stream = client.createStream({ streamtype: 'data' });
  stream.end(big);
  const peer = await next(incoming);
  assert.equal(peer.headers.streamtype, 'data');
  assert.deepEqual(await buffer(peer), big);
  const back = buffer(stream);
  peer.end(big);
  assert.deepEqual(await back, big);
  client.close();
  await Promise.all([client.closed, server.closed]);
});

test('many streams at once do not mix', async () => {
  const { client, server, incoming } = await pair();
  const answers = Array.from({ length: 100 }, (_, i) => {
    const stream = client.createStream({ n: String(i) });
    stream.end(String(i).repeat(1000));
    return text(stream);
  });
  for (let i = 0; i < 100; i++) {
    const peer = await next(incoming);
    peer.pipe(peer);
  }
  assert.deepEqual(
    await Promise.all(answers),
    answers.map((_, i) => String(i).repeat(1000)),
  );
  client.close();
  await server.closed;
});

test('finish hands over everything before the connection ends', async () => {
  const { client, server, incoming } = await pair();
  const stream = client.createStream({});
  const peer = await next(incoming);
  peer.write(Buffer.alloc(500_000));
  const done = server.finish();
  assert.equal((await buffer(stream)).length, 500_000);
  client.close();
  await done;
});

test('a reset ends reading, fails writing and raises nothing', async () => {
  const { client, server, incoming } = await pair();
  const stream = client.createStream({});
  const peer = await next(incoming);
  stream.destroy();
  assert.equal((await buffer(peer)).length, 0);
  const failed = await new Promise((resolve) => peer.write('x', resolve));
  assert.ok(failed instanceof Error);
  client.close();
  await server.closed;
});

test('a peer that vanishes ends every stream with what it had sent', async () => {
  const { client, server, incoming, wire } = await pair();
  const stream = client.createStream({});
  stream.write('last words');
  const peer = await next(incoming);
  await once(peer, 'readable');
  wire.destroy();
  assert.equal(await text(peer), 'last words');
  await Promise.all([client.closed, server.closed]);
});

test('a reader that is behind stops the sender, and reading on resumes it', async () => {
  const { client, server, incoming } = await pair();
  const stream = client.createStream({});
  const big = Buffer.alloc(8_000_000, 'x');
  let sent = false;
  stream.end(big, () => (sent = true));
  const peer = await next(incoming);
  await once(peer, 'readable');
  assert.equal(sent, false);
  assert.equal((await buffer(peer)).length, big.length);
  client.close();
  await server.closed;
});

test('pings are answered; streams of the wrong parity are reset', async () => {
  const [left, right] = await tcpPair();
  const server = new SpdyConnection({ socket: right, server: true, onStream: () => true });
  const seen: { type: number; first: number }[] = [];
  const parser = new FrameParser({
    data: () => {},
    control: ({ type, payload }) => seen.push({ type, first: payload.readUInt32BE(0) }),
  });
  left.on('data', (chunk: Buffer) => parser.push(chunk));
  left.write(controlFrame(frameTypes.ping, [9]));
  left.write(synStreamFrame(2, new HeaderEncoder().encode({})));
  while (seen.length < 2) await once(left, 'data');
  assert.deepEqual(seen, [
    { type: frameTypes.ping, first: 9 },
    { type: frameTypes.rstStream, first: 2 },
  ]);
  left.destroy();
  await server.closed;
});

test('garbage closes the connection and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), { maxLength: 4 }), async (chunks) => {
      const [left, right] = await tcpPair();
      const server = new SpdyConnection({ socket: right, server: true, onStream: () => true });
      left.on('error', () => {}).resume();
      for (const chunk of chunks) left.write(Buffer.concat([Buffer.from([0x80, 3, 0]), chunk]));
      left.end();
      await server.closed;
    }),
    { numRuns: 100 },
  );
});
