import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { Http2Error } from './errors.ts';
import { flags, frameOf, frameTypes, preface } from './frames.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { encodeHeaders } from './hpack-encoder.ts';
import { decodeHuffman } from './huffman.ts';
import { ServerConnection } from './server-connection.ts';
import type { ServerStream } from './server-stream.ts';

const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('Huffman codes', () => {
  assert.equal(decodeHuffman(fromHex('f1e3 c2e5 f23a 6ba0 ab90 f4ff')), 'www.example.com');
  assert.equal(decodeHuffman(fromHex('9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3')), 'https://www.example.com');
  assert.equal(decodeHuffman(fromHex('')), '');
  assert.equal(decodeHuffman(fromHex('ffff ffff')), undefined); // the end of all strings may not be sent
  assert.equal(decodeHuffman(fromHex('f1e3 c2e5 f23a 6ba0 ab90 f4ff ff')), undefined); // a byte of filling is too much
});

test('header blocks of RFC 7541, C.4: each refers to those before', () => {
  const decoder = new HpackDecoder();
  const first = decoder.decode(fromHex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'));
  assert.deepEqual(Object.fromEntries(first), {
    ':method': 'GET',
    ':scheme': 'http',
    ':path': '/',
    ':authority': 'www.example.com',
  });
  assert.equal(decoder.decode(fromHex('8286 84be 5886 a8eb 1064 9cbf')).get('cache-control'), 'no-cache');
  const third = decoder.decode(fromHex('8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'));
  assert.equal(third.get('custom-key'), 'custom-value');
  assert.equal(third.get(':authority'), 'www.example.com');
});

test('header blocks of RFC 7541, C.5: a small table forgets', () => {
  const decoder = new HpackDecoder();
  const block =
    '3fe1 01 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 54';
  assert.equal(decoder.decode(fromHex(block)).get('cache-control'), 'private');
  assert.equal(decoder.decode(fromHex('4803 3330 37c0 bf')).get(':status'), '307');
  assert.throws(() => decoder.decode(fromHex('c2')), /a header refers to none/);
});

test('what is encoded is decoded, and what is no block is refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z-]{1,300}$/), fc.stringMatching(/^[ -~]{0,300}$/))),
      (headers) => {
        const unique = new Map(headers);
        assert.deepEqual(new HpackDecoder().decode(encodeHeaders([...unique].flat())), unique);
      },
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
      try {
        new HpackDecoder().decode(Buffer.from(garbage));
      } catch (error) {
        assert.equal((error as Error).name, 'Http2Error');
      }
    }),
    { numRuns: 2000 },
  );
});

/** What broke the connections, newest last. */
const failures: Error[] = [];
let maxConcurrentStreams: number | undefined;
let onStream: (stream: ServerStream) => void = echo;
const server = net.createServer((socket) => {
  socket.on('error', () => {});
  const onFailure = (error: Error): void => void failures.push(error);
  const connection = new ServerConnection({
    socket,
    elapsed: () => 0,
    onStream: (stream) => onStream(stream),
    onFailure,
    ...(maxConcurrentStreams !== undefined && { maxConcurrentStreams }),
  });
  socket.on('end', () => connection.close());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
after(() => server.close());

/** Sends back what comes, and says in the trailers how much it was. */
function echo(stream: ServerStream): void {
  let bytes = 0;
  stream.respond(encodeHeaders([':status', '200']));
  stream.listener = {
    data: (chunk) => {
      bytes += chunk.length;
      stream.write(chunk);
      void stream.drained().then(() => stream.consumed(chunk.length));
    },
    end: () => stream.end(encodeHeaders(['bytes', String(bytes)])),
    close: () => {},
  };
}

test('bodies larger than every window, many at once, over the HTTP/2 of Node.js', async () => {
  const session = http2.connect(`http://127.0.0.1:${port}`, {
    settings: { initialWindowSize: 3000 },
    maxSessionMemory: 100, // it has much to send
  });
  const sizes = [0, 1, 16_384, 16_385, 100_000, 5_000_000, 9_000_000];
  const ask = async (size: number): Promise<void> => {
    const stream = session.request({ ':method': 'POST', ':path': '/echo', long: 'x'.repeat(20_000) });
    const sent = Buffer.alloc(size, size % 251);
    stream.end(sent);
    const trailers = once(stream, 'trailers');
    const received = Buffer.concat(await stream.toArray());
    assert.ok(received.equals(sent), `${received.length} of ${size}`);
    const [told] = (await trailers) as [http2.IncomingHttpHeaders];
    assert.equal(told['bytes'], String(size));
  };
  await Promise.all(sizes.map(ask));
  session.close();
  await once(session, 'close');
});

test('headers may be a megabyte, as the client is told', async () => {
  onStream = (stream) => {
    stream.respond(encodeHeaders([':status', '200']));
    stream.endWith(Buffer.from(String(stream.headers.get(':path')?.length)));
  };
  const session = http2.connect(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 2 ** 21 });
  const stream = session.request({ ':path': `/${'a'.repeat(1_000_000)}` });
  assert.equal(Buffer.concat(await stream.toArray()).toString(), '1000001');
  assert.equal(session.remoteSettings.maxHeaderListSize, 2 ** 20 + 320);
  session.close();
  await once(session, 'close');
  onStream = echo;
});

test('an answer of many pieces, over windows of all sizes: whole frames, of which the last one ends it', async () => {
  const pieces = Array.from({ length: 3000 }, (_, n) => Buffer.alloc((n * 37) % 1500, n % 251));
  onStream = (stream) => {
    stream.respond(encodeHeaders([':status', '200']));
    const half = pieces.length / 2;
    stream.write(...pieces.slice(0, half));
    stream.endWith(...pieces.slice(half));
    stream.write(Buffer.from('too late'));
  };
  const ask = async (initialWindowSize: number): Promise<void> => {
    const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize } });
    const received = Buffer.concat(await session.request({ ':path': '/' }).toArray());
    assert.ok(received.equals(Buffer.concat(pieces)), `${received.length} bytes with a window of ${initialWindowSize}`);
    session.close();
    await once(session, 'close');
  };
  await Promise.all([10, 16_383, 65_535, 4_000_000, 4_000_001].map(ask));
  onStream = echo;
});

test('the frame with the last bytes ends an answer', async () => {
  onStream = (stream) => {
    stream.respond(encodeHeaders([':status', '200']));
    stream.endWith(Buffer.from('a'), Buffer.from('b'));
  };
  const socket = net.connect(port, '127.0.0.1');
  const get = frameOf(frameTypes.HEADERS, flags.END_HEADERS | flags.END_STREAM, 1, request);
  socket.write(Buffer.concat([preface, settings, get]));
  const last = frameOf(frameTypes.DATA, flags.END_STREAM, 1, Buffer.from('ab'));
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer]);
    if (received.includes(last)) break;
  }
  assert.ok(received.subarray(-last.length).equals(last));
  onStream = echo;
});

test('settings that change under way, and pings', async () => {
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 10 } });
  const stream = session.request({ ':method': 'POST', ':path': '/echo' });
  stream.end(Buffer.alloc(50_000));
  await once(stream, 'response');
  session.settings({ initialWindowSize: 1_000_000 });
  assert.equal(Buffer.concat(await stream.toArray()).length, 50_000);
  await new Promise<void>((resolve, reject) => void session.ping((error) => (error ? reject(error) : resolve())));
  session.close();
  await once(session, 'close');
});

test('a client that goes, or cancels, closes its streams', async () => {
  const closed: ServerStream[] = [];
  onStream = (stream) => {
    stream.respond(encodeHeaders([':status', '200']));
    stream.listener = { data: () => {}, end: () => {}, close: () => void closed.push(stream) };
  };
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const streams = [1, 2, 3].map(() => session.request({ ':method': 'POST', ':path': '/' }));
  await Promise.all(streams.map((stream) => once(stream, 'response')));
  streams[0]?.close(http2.constants.NGHTTP2_CANCEL);
  while (closed.length < 1) await new Promise((resolve) => setImmediate(resolve));
  for (const stream of streams) stream.on('error', () => {});
  session.destroy();
  while (closed.length < 3) await new Promise((resolve) => setImmediate(resolve));
  onStream = echo;
});

const request = encodeHeaders([':method', 'POST', ':path', '/', ':scheme', 'http']);
const settings = frameOf(frameTypes.SETTINGS, 0, 0, Buffer.alloc(0));
const headers = frameOf(frameTypes.HEADERS, flags.END_HEADERS, 1, request);
const data = (length: number): Buffer => frameOf(frameTypes.DATA, 0, 1, Buffer.alloc(length));

const headersFrame = (streamId: number, block: string): Buffer =>
  frameOf(frameTypes.HEADERS, flags.END_HEADERS, streamId, fromHex(block));

/** What a client may not do, the code it is sent, and why. */
const offences: [what: string, frames: Buffer[], code: number, reason: RegExp][] = [
  ['speaks something else', [Buffer.from('GET / HTTP/1.1\r\n\r\n')], 1, /not HTTP\/2/],
  ['sends a frame that is too long', [preface, fromHex('00ffff 00 00 00000001')], 6, /frame of 65535 bytes/],
  ['sends to a stream that never began', [preface, settings, data(1)], 1, /has not begun/],
  ['names a header in capitals', [preface, headersFrame(3, '00 01 41 01 61')], 1, /"A" is no header/],
  ['ends a line within a value', [preface, headersFrame(3, '00 01 61 02 0d0a')], 1, /"a" is no header/],
  ['asks for two paths', [preface, headersFrame(3, '84 85')], 1, /:path was sent twice/],
  ['takes an even stream', [preface, frameOf(frameTypes.HEADERS, flags.END_HEADERS, 2, request)], 1, /odd/],
  ['breaks off its headers', [preface, frameOf(frameTypes.HEADERS, 0, 1, request), settings], 1, /broken off/],
  ['continues nothing', [preface, frameOf(frameTypes.CONTINUATION, 4, 1, request)], 1, /nothing to continue/],
  [
    'never ends its headers',
    [
      preface,
      frameOf(frameTypes.HEADERS, 0, 1, request),
      ...Array(70_000).fill(frameOf(frameTypes.CONTINUATION, 0, 1, Buffer.alloc(0))),
    ],
    11,
    /too large/,
  ],
  ['compresses wrongly', [preface, frameOf(frameTypes.HEADERS, 4, 1, fromHex('ff ff ff ff ff ff'))], 9, /too large/],
  [
    'pads more than there is',
    [preface, headers, frameOf(frameTypes.DATA, flags.PADDED, 1, fromHex('05 00'))],
    1,
    /padding/,
  ],
  ['sends more than it may', [preface, headers, ...Array(70).fill(data(16_000))], 3, /more came/],
  [
    'opens a window by nothing',
    [preface, frameOf(frameTypes.WINDOW_UPDATE, 0, 0, fromHex('00000000'))],
    1,
    /must grow/,
  ],
  ['opens a window too wide', [preface, frameOf(frameTypes.WINDOW_UPDATE, 0, 0, fromHex('7fffffff'))], 3, /too wide/],
  ['promises', [preface, frameOf(frameTypes.PUSH_PROMISE, 0, 1, Buffer.alloc(4))], 1, /promises/],
  ['sends half a setting', [preface, frameOf(frameTypes.SETTINGS, 0, 0, Buffer.alloc(5))], 6, /six bytes/],
  [
    'begins and cancels without end',
    [
      preface,
      ...Array.from({ length: 10_001 }, (_, at) => [
        frameOf(frameTypes.HEADERS, flags.END_HEADERS, 2 * at + 1, request),
        frameOf(frameTypes.RST_STREAM, 0, 2 * at + 1, fromHex('00000008')),
      ]).flat(),
    ],
    11,
    /too many calls/,
  ],
];

for (const [what, frames, code, reason] of offences) {
  test(`a client that ${what} is sent away`, async () => {
    onStream = (stream) => (stream.listener = { data: () => {}, end: () => {}, close: () => {} });
    failures.length = 0;
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(Buffer.concat(frames));
    const answer = Buffer.concat(await socket.toArray().catch(() => []));
    assert.match(failures.map(({ message }) => message).join(), reason);
    const goAway = answer.subarray(-17);
    if (answer.length > 0) assert.deepEqual([goAway[3], goAway.readUInt32BE(13)], [frameTypes.GOAWAY, code]);
    onStream = echo;
  });
}

test('frames at random break at most their own connection, and only by the rules', async () => {
  const anyFrame = fc
    .tuple(fc.integer({ min: 0, max: 10 }), fc.nat(255), fc.nat(9), fc.uint8Array({ maxLength: 40 }))
    .map(([type, set, streamId, payload]) => frameOf(type, set, streamId, payload));
  const goodFrame = fc.constantFrom(settings, headers, data(5), frameOf(frameTypes.DATA, flags.END_STREAM, 1, request));
  const conversation = fc.array(fc.oneof(goodFrame, anyFrame), { maxLength: 12 });
  failures.length = 0;
  await fc.assert(
    fc.asyncProperty(conversation, async (frames) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {}).resume();
      socket.end(Buffer.concat([preface, ...frames]));
      await once(socket, 'close');
    }),
    { numRuns: 300 },
  );
  for (const error of failures) assert.ok(error instanceof Http2Error, String(error.stack));
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/echo' });
  stream.end('still here');
  assert.equal(Buffer.concat(await stream.toArray()).toString(), 'still here');
  session.close();
});

test('headers of one name are one, except where there is only one', () => {
  const block = encodeHeaders(
    [':path /', 'x-a 1', 'x-a 2', 'cookie a', 'cookie b', 'authorization me', 'authorization you'].flatMap((pair) =>
      pair.split(' '),
    ),
  );
  const headers = Object.fromEntries(new HpackDecoder().decode(block));
  assert.deepEqual(headers, { ':path': '/', 'x-a': '1, 2', cookie: 'a; b', authorization: 'me' });
});

test('a client is told how many streams it may have; more are refused, and others go on', async () => {
  maxConcurrentStreams = 2;
  onStream = (stream) => (stream.listener = { data: () => {}, end: () => {}, close: () => {} });
  const socket = net.connect(port, '127.0.0.1');
  const open = (id: number): Buffer => frameOf(frameTypes.HEADERS, flags.END_HEADERS, id, request);
  socket.write(Buffer.concat([preface, settings, open(1), open(3), open(5)]));
  let answer = Buffer.alloc(0);
  const refused = Buffer.from(frameOf(frameTypes.RST_STREAM, 0, 5, fromHex('00000007')));
  for await (const chunk of socket) {
    answer = Buffer.concat([answer, chunk as Buffer]);
    if (answer.includes(refused)) break;
  }
  assert.ok(answer.includes(fromHex('0003 00000002')), 'the setting');
  assert.ok(!answer.includes(frameOf(frameTypes.RST_STREAM, 0, 3, fromHex('00000007'))));
  maxConcurrentStreams = undefined;
  onStream = echo;
});

test('what nobody takes holds a client back on all its streams together, and what ended holds nothing', async () => {
  const open: ServerStream[] = [];
  const told = { bytes: 0 };
  onStream = (stream) => {
    open.push(stream);
    stream.listener = { data: (bytes) => void (told.bytes += bytes.length), end: () => {}, close: () => {} };
  };
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const streams = Array.from({ length: 20 }, () => session.request({ ':method': 'POST', ':path': '/' }));
  for (const stream of streams) {
    stream.on('error', () => {});
    stream.write(Buffer.alloc(1024 * 1024));
  }
  const received = async (bytes: number): Promise<void> => {
    while (told.bytes < bytes) await new Promise((resolve) => setImmediate(resolve));
  };
  await received(16 * 1024 * 1024);
  assert.equal(told.bytes, 16 * 1024 * 1024);
  for (const stream of open.slice(0, 10)) stream.reset('CANCEL');
  await received(20 * 1024 * 1024);
  session.destroy();
  onStream = echo;
});
