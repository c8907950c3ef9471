/** The server over real sockets, asked by the resolver of Node.js and by hand. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { decode, encode, RECURSION_DESIRED, type Packet, type RecordType } from 'dns-packet';
import { seededRandom, silentLogger, systemClock, type Logger } from '#base';
import { endpointSlices, namespaces, services } from '#api';
import { Client, FakeTransport } from '#client';
import { ClusterDns } from './cluster-dns.ts';
import { frame } from './listen.ts';
import type { Upstream } from './respond.ts';

const web = 'web.default.svc.cluster.local';
const db = 'db.default.svc.cluster.local';

/** A port that is free for both UDP and TCP on the loopback. */
async function freePort(): Promise<number> {
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const { port } = udp.address();
  const tcp = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    tcp.once('error', () => resolve(false));
    tcp.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isFree) await new Promise((resolve) => tcp.close(resolve));
  await new Promise<void>((resolve) => udp.close(resolve));
  return isFree ? port : freePort();
}

function seeded(): FakeTransport {
  const transport = new FakeTransport({ clock: systemClock });
  transport.seed(namespaces, { metadata: { name: 'default' } });
  const ports = [{ name: 'http', protocol: 'TCP' as const, port: 80 }];
  transport.seed(
    services,
    {
      metadata: { name: 'web', namespace: 'default' },
      spec: { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'], ports },
    },
    { metadata: { name: 'db', namespace: 'default' }, spec: { clusterIP: 'None', clusterIPs: ['None'] } },
  );
  transport.seed(endpointSlices, {
    metadata: { name: 'db-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    ports: [{ name: 'sql', protocol: 'TCP', port: 5432 }],
    endpoints: Array.from({ length: 100 }, (_, at) => ({ addresses: [`10.244.0.${at}`], conditions: { ready: true } })),
  });
  return transport;
}

/** A server at work. */
class World implements AsyncDisposable {
  readonly transport = seeded();
  readonly port: number;
  readonly resolver = new Resolver({ timeout: 1000, tries: 4 });
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  static async create(upstream?: Upstream): Promise<World> {
    const { promise: listening, resolve } = Promise.withResolvers<void>();
    const log: Logger = { ...silentLogger, info: () => resolve() };
    const world = new World(await freePort(), log, upstream);
    await Promise.race([listening, world.#running]);
    return world;
  }

  private constructor(port: number, log: Logger, upstream: Upstream | undefined) {
    this.port = port;
    this.resolver.setServers([`127.0.0.1:${port}`]);
    this.#running = new ClusterDns({
      client: new Client({ transport: this.transport, component: 'test' }),
      clock: systemClock,
      random: seededRandom(1),
      log,
      listen: [{ address: '127.0.0.1', port }],
      domain: 'cluster.local',
      ...(upstream && { upstream }),
    }).run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resolver.cancel();
    await this.stop();
  }

  /** Sends one datagram, and returns the answer to it. */
  async overUdp(message: Uint8Array): Promise<Buffer> {
    const socket = createSocket('udp4');
    try {
      socket.send(message, this.port, '127.0.0.1');
      const [reply] = (await once(socket, 'message')) as [Buffer];
      return reply;
    } finally {
      socket.close();
    }
  }

  /** Sends bytes over TCP and closes its side; returns all messages that come back. */
  async overTcp(...chunks: Uint8Array[]): Promise<Buffer[]> {
    const socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    for (const chunk of chunks) {
      socket.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.end();
    const all = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>));
    const messages: Buffer[] = [];
    for (let at = 0; at + 2 <= all.length; at += 2 + all.readUInt16BE(at))
      messages.push(all.subarray(at + 2, at + 2 + all.readUInt16BE(at)));
    return messages;
  }
}

function query(name: string, type: RecordType = 'A', more: Packet = {}): Buffer {
  const questions = [{ name, type, class: 'IN' as const }];
  return Buffer.from(encode({ type: 'query', id: 7, flags: RECURSION_DESIRED, questions, ...more }));
}

test('Services are found, whatever kind of record is asked for', async () => {
  await using world = await World.create();
  assert.deepEqual(await world.resolver.resolve4(web), ['10.96.0.7']);
  assert.deepEqual(await world.resolver.reverse('10.96.0.7'), [web]);
  const [srv] = await world.resolver.resolveSrv(`_http._tcp.${web}`);
  assert.deepEqual([srv?.name, srv?.port], [web, 80]);
  await assert.rejects(world.resolver.resolve6(web), { code: 'ENODATA' });
  await assert.rejects(world.resolver.resolve4('none.default.svc.cluster.local'), { code: 'ENOTFOUND' });
  await assert.rejects(world.resolver.resolve4('example.org'), { code: 'EREFUSED' });
});

test('what changes in the cluster changes the answers', async () => {
  await using world = await World.create();
  const spec = { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] };
  world.transport.seed(services, { metadata: { name: 'late', namespace: 'default' }, spec });
  const resolve = () => world.resolver.resolve4('late.default.svc.cluster.local').catch(() => []);
  let found = await resolve();
  for (let tries = 0; tries < 50 && found.length === 0; tries++) found = await resolve();
  assert.deepEqual(found, ['10.96.0.9']);
});

test('what is too long for UDP is told in part, and whole over TCP', async () => {
  await using world = await World.create();
  const short = await world.overUdp(query(db));
  assert.ok(short.length <= 512);
  const { flag_tc, answers = [] } = decode(short);
  assert.deepEqual([flag_tc, answers.length], [true, 29]);
  assert.ok(answers.every(({ name, type }) => name === db && type === 'A'));
  const larger = await world.overUdp(query(db, 'A', { additionals: [edns(1232)] }));
  assert.ok(larger.length <= 1232 && (decode(larger).answers?.length ?? 0) > 60);
  assert.equal((await world.resolver.resolve4(db)).length, 100, 'a resolver comes again over TCP');
});

function edns(udpPayloadSize: number) {
  const fixed = { extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] };
  return { type: 'OPT' as const, name: '.' as const, udpPayloadSize, ...fixed };
}

test('many questions at once are all answered, over UDP and on one TCP connection', async () => {
  await using world = await World.create();
  const all = await Promise.all(
    Array.from({ length: 300 }, (_, at) => world.resolver.resolve4(`10-244-0-${at % 200}.default.pod.cluster.local`)),
  );
  assert.ok(all.every(([ip], at) => ip === `10.244.0.${at % 200}`));
  const questions = Array.from({ length: 50 }, (_, id) => frame(query(web, 'A', { id })));
  const answers = await world.overTcp(Buffer.concat(questions));
  assert.deepEqual(
    answers.map((answer) => decode(answer).id).sort((a, b) => (a ?? 0) - (b ?? 0)),
    Array.from({ length: 50 }, (_, id) => id),
  );
});

test('a message may come in pieces', async () => {
  await using world = await World.create();
  const whole = frame(query(web));
  const [answer] = await world.overTcp(whole.subarray(0, 1), whole.subarray(1, 9), whole.subarray(9));
  assert.equal(decode(answer ?? Buffer.alloc(0)).answers?.length, 1);
});

test('garbage harms nobody', async () => {
  await using world = await World.create();
  const garbage = [
    [],
    [1],
    Array.from({ length: 12 }, () => 255),
    Array.from({ length: 600 }, (_, at) => (at * 7) % 256),
  ];
  // A name that refers to itself, and one that ends in the middle.
  garbage.push(
    [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1],
    [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 60, 65],
  );
  const socket = createSocket('udp4');
  for (const bytes of garbage) socket.send(Uint8Array.from(bytes), world.port, '127.0.0.1');
  for (const bytes of garbage) await world.overTcp(frame(Uint8Array.from(bytes)));
  await world.overTcp(Buffer.from([0xff]));
  assert.deepEqual(await world.resolver.resolve4(web), ['10.96.0.7']);
  socket.close();
});

const rcodeOf = ({ flags = 0 }: Packet) => flags & 0xf;

test('types and classes that nobody knows get an answer all the same', async () => {
  await using world = await World.create();
  const https = decode(await world.overUdp(query(web, 'HTTPS' as RecordType)));
  assert.deepEqual([rcodeOf(https), https.answers], [0, []]);
  const unknown = query(web);
  unknown.writeUInt16BE(9999, unknown.length - 4);
  assert.equal(rcodeOf(decode(await world.overUdp(unknown))), 0);
  const chaos = query('version.bind', 'TXT');
  chaos.writeUInt16BE(3, chaos.length - 2);
  assert.equal(rcodeOf(decode(await world.overUdp(chaos))), 5);
});

test('other names are answered by the upstream, as it answers', async () => {
  const asked: string[] = [];
  await using world = await World.create(async (message) => {
    const { id = 0, questions = [] } = decode(Buffer.from(message));
    asked.push(...questions.map(({ name }) => name));
    const answers = [{ type: 'A' as const, name: questions[0]?.name ?? '', ttl: 5, data: '192.0.2.1' }];
    return encode({ type: 'response', id, questions, answers });
  });
  assert.deepEqual(await world.resolver.resolve4('example.org'), ['192.0.2.1']);
  assert.deepEqual(await world.resolver.resolve4(web), ['10.96.0.7']);
  assert.deepEqual(asked, ['example.org']);
});

test('stopping closes the sockets, connections that idle too, and another may have the port', async () => {
  const world = await World.create();
  const idle = connect({ port: world.port, host: '127.0.0.1' });
  await once(idle, 'connect');
  idle.on('error', () => {});
  const closed = once(idle, 'close');
  await world.stop();
  await closed;
  const next = createSocket('udp4');
  next.bind(world.port, '127.0.0.1');
  await once(next, 'listening');
  next.close();
  await assert.rejects(once(connect({ port: world.port, host: '127.0.0.1' }), 'connect'), { code: 'ECONNREFUSED' });
});

test('a port that is taken is an error, and leaves nothing open', async () => {
  const port = await freePort();
  const taken = createServer();
  taken.listen(port, '127.0.0.1');
  await once(taken, 'listening');
  const dns = new ClusterDns({
    client: new Client({ transport: seeded(), component: 'test' }),
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
    listen: [{ address: '127.0.0.1', port }],
    domain: 'cluster.local',
  });
  const stop = new AbortController();
  const failed = assert.rejects(dns.run(stop.signal), { code: 'EADDRINUSE' });
  await failed.finally(() => stop.abort());
  taken.close();
});

test('a stop before the cluster is known is no error', async () => {
  const transport = seeded();
  transport.intercept(({ signal }) => signal && once(signal, 'abort').then(() => signal.throwIfAborted()));
  const dns = new ClusterDns({
    client: new Client({ transport, component: 'test' }),
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
    listen: [],
    domain: 'cluster.local',
  });
  const stop = new AbortController();
  const running = dns.run(stop.signal);
  stop.abort();
  await running;
});
