/** The proxy on a node in miniature: real rules, real connections. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { seededRandom, silentLogger, systemClock } from '#base';
import { endpointSlices, services, type EndpointSlice, type Service } from '#api';
import { Client, FakeTransport, type New } from '#client';
import { KubeProxy } from './kube-proxy.ts';
import { NodeNetwork } from './testing/node-network.ts';

const unavailable = await NodeNetwork.unavailable();
const hasConntrack = unavailable === undefined && NodeNetwork.has('conntrack');

const [a, b] = ['10.244.0.2', '10.244.0.3'];

/** A network with a proxy at work in it; both end with the test. */
class World implements AsyncDisposable {
  readonly network: NodeNetwork;
  readonly transport = new FakeTransport({ clock: systemClock });
  /** The transactions so far. */
  readonly applied: (readonly string[])[] = [];
  flowsEnded = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  static async create(): Promise<World> {
    const world = new World(await NodeNetwork.create());
    await world.until(() => world.applied.length > 0);
    return world;
  }

  private constructor(network: NodeNetwork) {
    this.network = network;
    const client = new Client({ transport: this.transport, component: 'test' });
    const proxy = new KubeProxy({
      client,
      clock: systemClock,
      random: seededRandom(1),
      log: silentLogger,
      nodeName: 'one',
      podCidr: '10.244.0.0/16',
      apply: async (commands) => {
        await network.apply(commands);
        this.applied.push(commands);
      },
      conntrack: async (args) => {
        const output = await network.conntrack(args);
        if (args[0] === '-D') this.flowsEnded++;
        return output;
      },
    });
    this.#running = proxy.run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop();
    } finally {
      await this.network[Symbol.asyncDispose]();
    }
  }

  /** Adds a Service with a port 80 that leads to 8080 of its endpoints (UDP: 53 to 8053), and waits for its rules. */
  async serve(
    name: string,
    spec: Partial<Service['spec']>,
    endpoints: readonly string[],
    status: Service['status'] = {},
  ) {
    const udp = spec.ports?.[0]?.protocol === 'UDP';
    const ports = [{ name: 'main', protocol: 'TCP' as const, port: 80 }];
    const clusterIPs = spec.clusterIP ? [spec.clusterIP] : [];
    await this.change(() => {
      this.transport.seed(services, {
        metadata: { name, namespace: 'default' },
        spec: { ports, clusterIPs, ...spec },
        status,
      });
      this.transport.seed(endpointSlices, sliceOf(name, endpoints, udp ? 'UDP' : 'TCP'));
    });
  }

  async endpoints(name: string, endpoints: readonly string[]): Promise<void> {
    await this.change(() =>
      this.transport.change(endpointSlices, `default/${name}-1`, (slice) => {
        slice.endpoints = (sliceOf(name, endpoints).endpoints ?? []) as NonNullable<EndpointSlice['endpoints']>;
      }),
    );
  }

  /** Changes objects, and waits until that is in the rules. */
  async change(change: () => void): Promise<void> {
    const before = this.applied.length;
    change();
    await this.until(() => this.applied.length > before);
  }

  async until(condition: () => boolean): Promise<void> {
    const end = Date.now() + 20_000;
    while (!condition()) {
      assert.ok(Date.now() < end, 'what is waited for does not come');
      await systemClock.sleep(10);
    }
  }
}

function sliceOf(service: string, endpoints: readonly string[], protocol: 'TCP' | 'UDP' = 'TCP'): New<EndpointSlice> {
  return {
    metadata: { name: `${service}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: [{ name: 'main', protocol, port: protocol === 'UDP' ? 8053 : 8080 }],
    endpoints: endpoints.map((ip) => ({ addresses: [ip], nodeName: 'one', conditions: { ready: true } })),
  };
}

const names = (answers: readonly string[]) => [...new Set(answers.map((answer) => answer.replace(/ .*/, '')))].sort();

function netTest(
  name: string,
  body: (world: World, t: TestContext) => Promise<void>,
  options: { skip?: string | false } = {},
): void {
  test(name, { skip: unavailable ?? options.skip ?? false, timeout: 60_000 }, async (t) => {
    await using world = await World.create();
    await body(world, t);
  });
}

netTest('a cluster IP is answered by all endpoints: to pods, to the node and to clients', async (world) => {
  await world.serve('web', { clusterIP: '10.96.0.7' }, [a, b]);
  const fromPod = await world.network.call('a', '10.96.0.7:80', { times: 20 });
  assert.deepEqual(names(fromPod), ['a', 'b']);
  assert.ok(fromPod.includes(`b ${a}`), 'a pod is seen under its own address');
  assert.ok(
    fromPod.includes('a 10.244.0.1'),
    'one that reaches itself is not, or it would answer itself past the node',
  );
  assert.deepEqual(names(await world.network.call('node', '10.96.0.7:80', { times: 20 })), ['a', 'b']);
  const fromClient = await world.network.call('client', '10.96.0.7:80', { times: 20 });
  assert.deepEqual([...new Set(fromClient)].sort(), ['a 10.244.0.1', 'b 10.244.0.1']);
});

netTest('a pod that is the only endpoint of its Service reaches itself', async (world) => {
  await world.serve('web', { clusterIP: '10.96.0.7' }, [a]);
  assert.deepEqual(await world.network.call('a', '10.96.0.7:80'), ['a 10.244.0.1']);
});

netTest('node ports, and who is seen calling', async (world) => {
  const ports = [{ name: 'main', protocol: 'TCP' as const, port: 80, nodePort: 30080 }];
  await world.serve('web', { type: 'NodePort', clusterIP: '10.96.0.7', ports }, [a, b]);
  const answers = await world.network.call('client', '192.0.2.1:30080', { times: 20 });
  assert.deepEqual([...new Set(answers)].sort(), ['a 10.244.0.1', 'b 10.244.0.1']);
  assert.deepEqual(names(await world.network.call('node', '192.0.2.1:30080', { times: 20 })), ['a', 'b']);
  assert.deepEqual(names(await world.network.call('a', '192.0.2.1:30080', { times: 20 })), ['a', 'b']);
  await world.change(() =>
    world.transport.change(services, 'default/web', ({ spec }) => void (spec.externalTrafficPolicy = 'Local')),
  );
  const kept = await world.network.call('client', '192.0.2.1:30080', { times: 20 });
  assert.deepEqual(
    [...new Set(kept)].sort(),
    ['a 192.0.2.2', 'b 192.0.2.2'],
    'the client is seen under its own address',
  );
});

netTest('external IPs and load balancers, with a list of who may come', async (world) => {
  const balanced = { type: 'LoadBalancer' as const, clusterIP: '10.96.0.7', externalIPs: ['198.51.100.7'] };
  const status = { loadBalancer: { ingress: [{ ip: '198.51.100.8' }] } };
  await world.serve('web', balanced, [a], status);
  assert.deepEqual(await world.network.call('client', '198.51.100.7:80'), ['a 10.244.0.1']);
  assert.deepEqual(await world.network.call('client', '198.51.100.8:80'), ['a 10.244.0.1']);
  const only = (range: string) =>
    world.change(() =>
      world.transport.change(services, 'default/web', ({ spec }) => void (spec.loadBalancerSourceRanges = [range])),
    );
  await only('203.0.113.0/24');
  assert.deepEqual(await world.network.call('client', '198.51.100.8:80'), ['no answer']);
  assert.deepEqual(await world.network.call('client', '198.51.100.7:80'), ['a 10.244.0.1']);
  await only('192.0.2.0/24');
  assert.deepEqual(await world.network.call('client', '198.51.100.8:80'), ['a 10.244.0.1']);
});

netTest('a client with affinity stays with its endpoint', async (world) => {
  await world.serve('web', { clusterIP: '10.96.0.7', sessionAffinity: 'ClientIP' }, [a, b]);
  for (const from of ['client', 'a', 'b'])
    assert.equal(names(await world.network.call(from, '10.96.0.7:80', { times: 15 })).length, 1);
  await world.change(() =>
    world.transport.change(services, 'default/web', ({ spec }) => {
      spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 60 } };
    }),
  );
  assert.equal(names(await world.network.call('client', '10.96.0.7:80', { times: 15 })).length, 1);
});

netTest('what nobody serves is refused at once, and served as soon as there is somebody', async (world) => {
  const ports = [{ name: 'main', protocol: 'TCP' as const, port: 80, nodePort: 30080 }];
  await world.serve('web', { type: 'NodePort', clusterIP: '10.96.0.7', ports }, []);
  for (const from of ['client', 'a', 'node']) {
    assert.deepEqual(await world.network.call(from, '10.96.0.7:80'), ['ECONNREFUSED'], from);
    assert.deepEqual(await world.network.call(from, '192.0.2.1:30080'), ['ECONNREFUSED'], from);
  }
  await world.endpoints('web', [b]);
  assert.deepEqual(names(await world.network.call('a', '10.96.0.7:80')), ['b']);
  for (const from of ['client', 'a', 'node'])
    assert.deepEqual(await world.network.call(from, '10.96.0.7:81'), ['ECONNREFUSED'], 'a port that it does not have');
  await world.endpoints('web', []);
  assert.deepEqual(await world.network.call('a', '10.96.0.7:80'), ['ECONNREFUSED']);
});

/** The rules of the node with their handles, by chain: a handle never comes back. */
async function chainsOf(world: World): Promise<Map<string, string>> {
  const listing = await world.network.run('node', ['nft', '-a', 'list', 'table', 'ip', 'kedge-proxy']);
  const chains = listing.split('\n\tchain ').slice(1);
  return new Map(chains.map((text) => [text.slice(0, text.indexOf(' ')), text.slice(0, text.indexOf('\n\t}'))]));
}

netTest('a changed endpoint leaves all other rules as they are', async (world) => {
  await world.serve('web', { clusterIP: '10.96.0.7' }, [a]);
  await world.serve('other', { clusterIP: '10.96.0.8' }, [a, b]);
  const before = await chainsOf(world);
  await world.endpoints('web', [b]);
  const after = await chainsOf(world);
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  assert.deepEqual(changed.map((name) => name.replace(/-[0-9A-F]{8}-/, ' ')).sort(), [
    'endpoint default/web/tcp/main__10.244.0.2/8080',
    'endpoint default/web/tcp/main__10.244.0.3/8080',
    'service default/web/tcp/main',
  ]);
  assert.deepEqual(names(await world.network.call('client', '10.96.0.7:80', { times: 5 })), ['b']);
});

netTest('a Service that goes leaves nothing, and one that comes again is served again', async (world) => {
  await world.serve('other', { clusterIP: '10.96.0.8' }, [a]);
  const before = await chainsOf(world);
  for (let round = 0; round < 3; round++) {
    await world.serve('web', { clusterIP: '10.96.0.7', sessionAffinity: 'ClientIP' }, [a, b]);
    assert.equal(names(await world.network.call('client', '10.96.0.7:80', { times: 5 })).length, 1);
    await world.change(() => {
      world.transport.remove(services, 'default/web');
      world.transport.remove(endpointSlices, 'default/web-1');
    });
    assert.deepEqual(await chainsOf(world), before);
  }
  assert.ok(
    !world.applied
      .slice(1)
      .flat()
      .some((command) => command.startsWith('delete table')),
    'no transaction failed',
  );
});

netTest(
  'a UDP client goes on with another endpoint when its own is gone',
  async (world) => {
    const ports = [{ name: 'main', protocol: 'UDP' as const, port: 53 }];
    await world.serve('dns', { clusterIP: '10.96.0.10', ports }, [a]);
    const ask = world.network.udpClient('b', '10.96.0.10:53');
    assert.equal(await ask(), `a ${b}`);
    await world.endpoints('dns', [b]);
    await world.until(() => world.flowsEnded > 0);
    assert.equal(await ask(), 'b 10.244.0.1');
  },
  { skip: hasConntrack ? false : 'needs conntrack' },
);

netTest('SCTP rules load', async (world) => {
  const ports = [{ name: 'main', protocol: 'SCTP' as const, port: 80, nodePort: 30080 }];
  await world.serve('signal', { type: 'NodePort', clusterIP: '10.96.0.9', ports, sessionAffinity: 'ClientIP' }, []);
  await world.change(() =>
    world.transport.change(endpointSlices, 'default/signal-1', (slice) => {
      slice.ports = [{ name: 'main', protocol: 'SCTP', port: 8080 }];
      slice.endpoints = [{ addresses: [a], nodeName: 'one', conditions: { ready: true } }];
    }),
  );
  const listing = await world.network.run('node', ['nft', 'list', 'table', 'ip', 'kedge-proxy']);
  // a machine without /etc/protocols shows the number
  assert.match(listing, /10\.96\.0\.9 \. (sctp|132) \. 80 : goto service-/);
});

netTest('rules that were lost are made anew, and stopping takes the table away', async (world) => {
  await world.network.apply(['add table ip kedge-proxy', 'delete table ip kedge-proxy']);
  await world.serve('web', { clusterIP: '10.96.0.7' }, [a]);
  assert.deepEqual(names(await world.network.call('client', '10.96.0.7:80')), ['a']);
  await world.stop();
  assert.equal(await world.network.run('node', ['nft', 'list', 'tables']), '');
});
