/** The behaviours of the conformance suite that pods of two nodes show to one another: Services, names, ports, proxies. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createCa, issueCertificate } from '#wire';
import { ApiCluster, type ApiNamespace } from '../support/api-cluster.ts';
import { pod, scripted, service, toolbox } from '../support/manifests.ts';
import { caller, peer, peerContainer, versatileCaller, versatilePeer } from '../support/peers.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, Manifest } from '../support/test-namespace.ts';
import { until } from '../support/until.ts';

type Fields = Record<string, unknown>;

describe('networks', { skip: cannotRun(), concurrency: 3 }, () => {
  let cluster: ApiCluster;
  let nodes: { name: string; address: string }[];
  before(async () => {
    cluster = await ApiCluster.up('--nodes', '2');
    const { items } = await cluster.ask('/api/v1/nodes');
    nodes = items.map(({ metadata, status }: Loose) => ({ name: metadata.name, address: status.addresses[0].address }));
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  /** A namespace with these pods, ready. */
  async function withPods(name: string, ...pods: Manifest[]): Promise<{ ns: ApiNamespace; ipOf: Map<string, string> }> {
    const ns = await cluster.namespace(name);
    const started = await Promise.all(pods.map((one) => ns.start(one)));
    return { ns, ipOf: new Map(started.map(({ metadata, status }) => [metadata.name, status.podIP])) };
  }

  const get = (ns: ApiNamespace, url: string, from = 'caller'): Promise<string> =>
    ns.exec(from, 'wget', '-qO-', `http://${url}/`);
  const udp = async (ns: ApiNamespace, host: string, port: number, from = 'caller'): Promise<string> =>
    (await ns.exec(from, 'udp', host, String(port), 'hostname')).trim();
  /** Asks until it is answered so. */
  const answers = (ask: () => Promise<string>, wanted: string): Promise<string> =>
    until(ask, (answer) => assert.equal(answer, wanted));

  test('[sig-architecture] Conformance Tests should have at least two untainted nodes [Conformance]', async () => {
    const { items } = await cluster.ask('/api/v1/nodes');
    const free = items.filter(({ spec }: Loose) => !spec.unschedulable && (spec.taints ?? []).length === 0);
    assert.ok(free.length >= 2);
  });

  describe('names', { concurrency: 3 }, () => {
    const dnsCaller = (): Manifest => versatileCaller('caller');

    /** What each of these names is, sorted; a word behind a name says of which type. */
    async function lookUp(ns: ApiNamespace, names: string[]): Promise<string[][]> {
      const script = names.map((name) => `dns ${name}; echo;`).join(' ');
      const answers = (await ns.exec('caller', 'sh', '-c', script)).split('\n\n').slice(0, names.length);
      return answers.map((answer) => answer.trim().split('\n').sort());
    }

    /** Waits until the names are what they should be. */
    const resolve = (ns: ApiNamespace, expected: Record<string, string[]>): Promise<string[][]> =>
      until(
        () => lookUp(ns, Object.keys(expected)),
        (found) =>
          assert.deepEqual(
            found,
            Object.values(expected).map((one) => one.toSorted()),
          ),
      );

    test('[sig-network] DNS should provide DNS for the cluster [Conformance]', async () => {
      const { ns } = await withPods('dns-cluster', dnsCaller());
      const { spec } = await cluster.ask('/api/v1/namespaces/default/services/kubernetes');
      const tails = ['', '.svc', '.svc.cluster.local'];
      await resolve(ns, Object.fromEntries(tails.map((tail) => [`kubernetes.default${tail}`, [spec.clusterIP]])));
    });

    /** A headless Service of two pods, and one with an address of its own. */
    async function withServices(name: string) {
      const labels = { app: 'dns-test-service' };
      const { ns, ipOf } = await withPods(name, dnsCaller(), peer('one', { labels }), peer('two', { labels }));
      const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
      await ns.create(service('dns-test-service', { clusterIP: 'None', ports }));
      const { spec } = await ns.create(service('test-service-2', { selector: labels, ports }));
      return { ns, ips: [ipOf.get('one') ?? '', ipOf.get('two') ?? ''], clusterIP: spec.clusterIP };
    }

    test('[sig-network] DNS should provide DNS for services [Conformance]', async () => {
      const { ns, ips, clusterIP } = await withServices('dns-services');
      const full = (name: string): string => `${name}.${ns.name}.svc.cluster.local`;
      await resolve(ns, {
        [full('dns-test-service')]: ips,
        [full('test-service-2')]: [clusterIP],
        [`${full('_http._tcp.test-service-2')} SRV`]: [`0 100 80 ${full('test-service-2')}`],
        [`${clusterIP} PTR`]: [full('test-service-2')],
      });
      const [records = []] = await lookUp(ns, [`${full('_http._tcp.dns-test-service')} SRV`]);
      assert.equal(records.length, 2);
      for (const record of records) assert.match(record, new RegExp(` 8080 \\S+\\.${full('dns-test-service')}$`));
    });

    test('[sig-network] DNS should resolve DNS of partial qualified names for services [LinuxOnly] [Conformance]', async () => {
      const { ns, ips, clusterIP } = await withServices('dns-partial');
      const tails = ['', `.${ns.name}`, `.${ns.name}.svc`];
      await resolve(ns, {
        ...Object.fromEntries(tails.map((tail) => [`dns-test-service${tail}`, ips])),
        ...Object.fromEntries(tails.map((tail) => [`test-service-2${tail}`, [clusterIP]])),
      });
      const services = ['dns-test-service', 'test-service-2'];
      const names = services.flatMap((name) => tails.map((tail) => `_http._tcp.${name}${tail} SRV`));
      const records = await lookUp(ns, names);
      assert.deepEqual(
        records.map(({ length }) => length),
        [2, 2, 2, 1, 1, 1],
      );
    });

    /** A pod that has a host name in the domain of a headless Service. */
    async function withHostname(name: string) {
      const spec = { hostname: 'dns-querier-2', subdomain: 'dns-test-service-2' };
      const querier = peer('querier', { labels: { app: 'dns-test-service-2' }, spec });
      const { ns, ipOf } = await withPods(name, dnsCaller(), querier);
      await ns.create(service('dns-test-service-2', { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] }));
      const domain = `dns-test-service-2.${ns.name}.svc.cluster.local`;
      return { ns, ip: ipOf.get('querier') ?? '', domain };
    }

    test('[sig-network] DNS should provide DNS for pods for Hostname [Conformance]', async () => {
      const { ns, ip, domain } = await withHostname('dns-hostname');
      await resolve(ns, { [`dns-querier-2.${domain}`]: [ip], 'dns-querier-2.dns-test-service-2': [ip] });
    });

    test('[sig-network] DNS should provide DNS for pods for Subdomain [Conformance]', async () => {
      const { ns, ip, domain } = await withHostname('dns-subdomain');
      await resolve(ns, { [domain]: [ip], 'dns-test-service-2': [ip] });
    });

    test('[sig-network] DNS should provide /etc/hosts entries for the cluster [Conformance]', async () => {
      const { ns, ip, domain } = await withHostname('dns-hosts');
      const hosts = await ns.exec('querier', 'cat', '/etc/hosts');
      assert.ok(hosts.includes(`${ip}\tdns-querier-2.${domain}\tdns-querier-2\n`), hosts);
    });

    test('[sig-network] DNS should provide DNS for ExternalName services [Conformance]', async () => {
      const { ns } = await withPods('dns-external', dnsCaller());
      const spec = { type: 'ExternalName', externalName: 'foo.example.com', selector: undefined, ports: undefined };
      await ns.create(service('dns-test-service-3', spec));
      const name = `dns-test-service-3.${ns.name}.svc.cluster.local`;
      await resolve(ns, { [`${name} CNAME`]: ['foo.example.com'] });
      await ns.patch('Service', 'dns-test-service-3', { spec: { externalName: 'bar.example.com' } });
      await resolve(ns, { [`${name} CNAME`]: ['bar.example.com'] });
      const changed = await ns.patch('Service', 'dns-test-service-3', {
        spec: { type: 'ClusterIP', externalName: null, ports: [{ name: 'http', port: 80 }] },
      });
      await resolve(ns, { [name]: [changed.spec.clusterIP] });
    });

    test('[sig-network] DNS should support configurable pod DNS nameservers [Conformance]', async () => {
      const ns = await cluster.namespace('dns-config');
      const dnsConfig = { nameservers: ['1.1.1.1'], searches: ['resolv.conf.local'] };
      const output = await ns.run(scripted('cat /etc/resolv.conf', { spec: { dnsPolicy: 'None', dnsConfig } }));
      assert.match(output, /^nameserver 1\.1\.1\.1$/m);
      assert.match(output, /^search resolv\.conf\.local$/m);
      assert.equal(output.match(/^nameserver/gm)?.length, 1);
    });
  });

  describe('pods and nodes', { concurrency: 3 }, () => {
    const onEachNode = (): Manifest[] =>
      nodes.map(({ name }, at) => versatilePeer(`netserver-${at}`, { spec: { nodeName: name } }));

    const behaviours: [string, 'http' | 'udp', string][] = [
      [
        '[sig-network] Networking Granular Checks: Pods should function for intra-pod communication: http [NodeConformance] [Conformance]',
        'http',
        'caller',
      ],
      [
        '[sig-network] Networking Granular Checks: Pods should function for intra-pod communication: udp [NodeConformance] [Conformance]',
        'udp',
        'caller',
      ],
      [
        '[sig-network] Networking Granular Checks: Pods should function for node-pod communication: http [LinuxOnly] [NodeConformance] [Conformance]',
        'http',
        'on-host',
      ],
      [
        '[sig-network] Networking Granular Checks: Pods should function for node-pod communication: udp [LinuxOnly] [NodeConformance] [Conformance]',
        'udp',
        'on-host',
      ],
    ];
    for (const [behaviour, protocol, from] of behaviours)
      test(behaviour, async () => {
        const { ns, ipOf } = await withPods(
          `${protocol}-${from}`,
          ...onEachNode(),
          versatileCaller(from, from === 'on-host' ? { hostNetwork: true } : {}),
        );
        for (const name of ['netserver-0', 'netserver-1']) {
          const ip = ipOf.get(name) ?? '';
          await answers(() => (protocol === 'http' ? get(ns, `${ip}:8080`, from) : udp(ns, ip, 8081, from)), name);
        }
      });

    test('[sig-network] HostPort validates that there is no conflict between pods with same hostPort but different hostIP and protocol [LinuxOnly] [Conformance]', async () => {
      const [node] = nodes;
      assert.ok(node);
      const hostPort = 54_323;
      const with_ = (name: string, hostIP: string, protocol: 'TCP' | 'UDP'): Manifest => {
        const ports = [{ containerPort: protocol === 'TCP' ? 8080 : 8081, hostPort, hostIP, protocol }];
        const options = { fields: { ports }, spec: { nodeName: node.name } };
        return protocol === 'TCP' ? peer(name, options) : versatilePeer(name, options);
      };
      const { ns } = await withPods(
        'host-port',
        with_('pod1', '127.0.0.1', 'TCP'),
        with_('pod2', node.address, 'TCP'),
        with_('pod3', node.address, 'UDP'),
        versatileCaller('on-host', { hostNetwork: true, nodeName: node.name }),
      );
      await answers(() => get(ns, `127.0.0.1:${hostPort}`, 'on-host'), 'pod1');
      await answers(() => get(ns, `${node.address}:${hostPort}`, 'on-host'), 'pod2');
      await answers(() => udp(ns, node.address, hostPort, 'on-host'), 'pod3');
    });
  });

  describe('proxies', { concurrency: 3 }, () => {
    const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

    const behaviours: [string, string, string][] = [
      [
        '[sig-network] Proxy version v1 A set of valid responses are returned for both pod and service Proxy [Conformance]',
        'proxy',
        '',
      ],
      [
        '[sig-network] Proxy version v1 A set of valid responses are returned for both pod and service ProxyWithPath [Conformance]',
        'proxy-path',
        '/',
      ],
    ];
    for (const [behaviour, prefix, path] of behaviours)
      test(behaviour, async () => {
        const { ns } = await withPods(prefix, versatilePeer('agnhost', { labels: { app: 'e2e-proxy' } }));
        await ns.create(service('e2e-proxy', { ports: [{ port: 80, targetPort: 8080 }] }));
        await isProxied(ns, 'e2e-proxy');
        for (const target of [ns.path('Pod', 'agnhost'), ns.path('Service', 'e2e-proxy')])
          for (const method of methods) {
            const url = `${target}/proxy${path}?method=${method}`;
            const answer = await cluster.http.ask(url, { method });
            // What a page links to would lead nowhere from here.
            const isLedOn = path === '' && (method === 'GET' || method === 'HEAD');
            assert.equal(answer.status, isLedOn ? 301 : 200, `${method} ${url}: ${answer.text}`);
            if (isLedOn) assert.equal(answer.headers.location, `${target}/proxy/?method=${method}`);
            else assert.equal(answer.headers['x-method'], method);
          }
      });

    test('[sig-network] Proxy version v1 should proxy through a service and a pod [Conformance]', async () => {
      const ca = await createCa({ commonName: 'peer' });
      const { certPem, keyPem } = await issueCertificate(ca, {
        commonName: 'peer',
        usages: ['server'],
        dnsNames: ['peer'],
      });
      const env = [
        { name: 'TLS_CERT', value: certPem },
        { name: 'TLS_KEY', value: keyPem },
      ];
      const ports = [
        { name: 'dest1', containerPort: 8080 },
        { name: 'dest2', containerPort: 8090 },
        { name: 'tlsdest', containerPort: 8443 },
      ];
      const labels = { app: 'proxy-service' };
      const { ns } = await withPods('proxy-through', versatilePeer('peer', { labels, fields: { env, ports } }));
      await ns.create(
        service('proxy-service', {
          ports: [
            { name: 'portname1', port: 80, targetPort: 'dest1' },
            { name: 'portname2', port: 81, targetPort: 8090 },
            { name: 'tlsportname', port: 443, targetPort: 'tlsdest' },
          ],
        }),
      );
      await isProxied(ns, 'proxy-service');
      const names = ['portname1', '80', 'portname2', '81'].flatMap((port) => [
        `proxy-service:${port}`,
        `http:proxy-service:${port}`,
      ]);
      const tls = ['https:proxy-service:443', 'https:proxy-service:tlsportname'];
      for (const name of [...names, ...tls]) await isNamed(`${ns.path('Service', name)}/proxy/`);
      for (const name of ['peer', 'peer:8080', 'http:peer:8090', 'https:peer:8443'])
        await isNamed(`${ns.path('Pod', name)}/proxy/`);
    });

    async function isNamed(url: string): Promise<void> {
      const { status, text } = await cluster.http.get(url);
      assert.deepEqual([status, text], [200, 'peer'], url);
    }

    test('[sig-network] Service endpoints latency should not be very high [Conformance]', async () => {
      const { ns } = await withPods('latency', peer('svc-latency-rc', { labels: { app: 'latency' } }));
      const names = Array.from({ length: 100 }, (_, at) => `latency-svc-${at}`);
      const make = async (name: string): Promise<void> => {
        await ns.create(service(name, { selector: { app: 'latency' } }));
        // Upstream takes 20 s for the half of them; here none may take longer.
        await hasEndpoints(ns, name, 1, 20_000);
      };
      for (let at = 0; at < names.length; at += 10) await Promise.all(names.slice(at, at + 10).map(make));
    });
  });

  /** Waits until a Service leads to so many ready pods. */
  /** The proxy looks for the pod in the Service's Endpoints, as upstream's. */
  async function isProxied(ns: ApiNamespace, name: string): Promise<void> {
    await until(
      () => cluster.ask(`${ns.path('Endpoints')}?fieldSelector=metadata.name%3D${name}`),
      ({ items }: Loose) => assert.ok(items[0]?.subsets?.some(({ addresses }: Loose) => addresses?.length === 1)),
    );
  }

  async function hasEndpoints(ns: ApiNamespace, name: string, count: number, withinMs?: number): Promise<void> {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
    await until(
      () => cluster.ask(`${ns.path('EndpointSlice')}?labelSelector=${selector}`),
      ({ items }: Loose) => {
        const all = items.flatMap(({ endpoints }: Loose) => endpoints ?? []);
        assert.equal(all.filter(({ conditions }: Loose) => conditions.ready).length, count);
      },
      withinMs,
    );
  }

  describe('endpoints', { concurrency: 3 }, () => {
    /** A slice of its own for each port of a Service that selects nothing. */
    const slice = (name: string, port: string, number: number, address: string): Manifest => ({
      kind: 'EndpointSlice',
      metadata: { name, labels: { 'kubernetes.io/service-name': 'example-custom-endpoints' } },
      addressType: 'IPv4',
      ports: [{ name: port, port: number, protocol: 'TCP' }],
      endpoints: [{ addresses: [address] }],
    });
    const ports = [
      { name: 'port80', port: 80, protocol: 'TCP' },
      { name: 'port81', port: 81, protocol: 'TCP' },
    ];

    const behaviours: [string, string, [string, string]][] = [
      [
        '[sig-network] EndpointSlice should support a Service with multiple ports specified in multiple EndpointSlices [Conformance]',
        'slice-ports',
        ['pod1', 'pod1'],
      ],
      [
        '[sig-network] EndpointSlice should support a Service with multiple endpoint IPs specified in multiple EndpointSlices [Conformance]',
        'slice-ips',
        ['pod1', 'pod2'],
      ],
    ];
    for (const [behaviour, name, [first, second]] of behaviours)
      test(behaviour, async () => {
        const { ns, ipOf } = await withPods(name, caller('caller'), peer('pod1'), peer('pod2'));
        const made = await ns.create(service('example-custom-endpoints', { selector: undefined, ports }));
        await ns.create(
          slice('first', 'port80', 8080, ipOf.get(first) ?? ''),
          slice('second', 'port81', 8090, ipOf.get(second) ?? ''),
        );
        await answers(() => get(ns, `${made.spec.clusterIP}:80`), first);
        await answers(() => get(ns, `${made.spec.clusterIP}:81`), second);
      });

    test('[sig-network] Services should serve multiport endpoints from pods [Conformance]', async () => {
      const ns = await cluster.namespace('multiport');
      const wanted = [
        { name: 'portname1', port: 80, targetPort: 'p1' },
        { name: 'portname2', port: 81, targetPort: 'p2' },
      ];
      await ns.create(service('multi-endpoint-test', { ports: wanted }));
      const labels = { app: 'multi-endpoint-test' };
      const serving = (name: string, port: string, containerPort: number): Manifest =>
        peer(name, { labels, fields: { ports: [{ name: port, containerPort }] } });
      const leadsTo = (...expected: string[]): Promise<unknown> =>
        until(
          () => ns.get('Endpoints', 'multi-endpoint-test'),
          ({ subsets = [] }: Loose) => {
            const found = subsets.flatMap(({ addresses = [], ports: known = [] }: Loose) =>
              addresses.flatMap(({ targetRef }: Loose) => known.map(({ port }: Loose) => `${targetRef.name}:${port}`)),
            );
            assert.deepEqual(found.sort(), expected);
          },
        );
      await leadsTo();
      await ns.start(serving('pod1', 'p1', 8080));
      await leadsTo('pod1:8080');
      await ns.start(serving('pod2', 'p2', 8090));
      await leadsTo('pod1:8080', 'pod2:8090');
      await ns.delete('Pod', 'pod1');
      await leadsTo('pod2:8090');
      await ns.delete('Pod', 'pod2');
      await leadsTo();
    });

    test('[sig-network] Services should serve endpoints on same port and different protocols [Conformance]', async () => {
      const { ns } = await withPods(
        'multiprotocol',
        versatileCaller('caller'),
        versatilePeer('peer', { labels: { app: 'multiprotocol-test' } }),
      );
      const tcp = { name: 'tcp', port: 80, targetPort: 8080, protocol: 'TCP' };
      const packets = { name: 'udp', port: 80, targetPort: 8081, protocol: 'UDP' };
      const { spec } = await ns.create(service('multiprotocol-test', { ports: [tcp, packets] }));
      const reachesTcp = (): Promise<string> => get(ns, `${spec.clusterIP}:80`);
      const reachesUdp = (): Promise<string> => udp(ns, spec.clusterIP, 80);
      const fails = (ask: () => Promise<string>): Promise<boolean> =>
        until(
          () =>
            ask().then(
              () => false,
              () => true,
            ),
          (failed) => assert.ok(failed),
        );
      const change = (...ports: Fields[]): Promise<Loose> =>
        cluster.ask(ns.path('Service', 'multiprotocol-test'), {
          method: 'PATCH',
          headers: { 'content-type': 'application/merge-patch+json' },
          body: { spec: { ports } },
        });
      await answers(reachesTcp, 'peer');
      await answers(reachesUdp, 'peer');
      await change(tcp);
      await answers(reachesTcp, 'peer');
      await fails(reachesUdp);
      await change(packets);
      await answers(reachesUdp, 'peer');
      await fails(reachesTcp);
    });
  });

  describe('services of all types', { concurrency: 3 }, () => {
    const ports = [{ port: 80, targetPort: 8080, protocol: 'TCP' }];
    const external = {
      type: 'ExternalName',
      externalName: 'kubernetes.default.svc.cluster.local',
      selector: undefined,
    };
    const app = 'web';

    async function isServed(ns: ApiNamespace, { spec }: Loose): Promise<void> {
      await answers(() => get(ns, 'web'), 'peer');
      await answers(() => get(ns, spec.clusterIP), 'peer');
      if (spec.type !== 'NodePort') return;
      for (const { address } of nodes) await answers(() => get(ns, `${address}:${spec.ports[0].nodePort}`), 'peer');
    }

    const fromExternal: [string, string, string][] = [
      [
        '[sig-network] Services should be able to change the type from ExternalName to ClusterIP [Conformance]',
        'external-cluster-ip',
        'ClusterIP',
      ],
      [
        '[sig-network] Services should be able to change the type from ExternalName to NodePort [Conformance]',
        'external-node-port',
        'NodePort',
      ],
    ];
    for (const [behaviour, name, type] of fromExternal)
      test(behaviour, async () => {
        const { ns } = await withPods(name, caller('caller'), peer('peer', { labels: { app } }));
        const { spec } = await ns.create(service('web', { ...external, ports: undefined }));
        assert.equal(spec.clusterIP, undefined);
        const body = { spec: { type, externalName: null, ports, selector: { app } } };
        const changed = await ns.patch('Service', 'web', body);
        assert.match(changed.spec.clusterIP, /^10\.96\./);
        await isServed(ns, changed);
      });

    const toExternal: [string, string, string][] = [
      [
        '[sig-network] Services should be able to change the type from ClusterIP to ExternalName [Conformance]',
        'cluster-ip-external',
        'ClusterIP',
      ],
      [
        '[sig-network] Services should be able to change the type from NodePort to ExternalName [Conformance]',
        'node-port-external',
        'NodePort',
      ],
    ];
    for (const [behaviour, name, type] of toExternal)
      test(behaviour, async () => {
        const { ns } = await withPods(name, versatileCaller('caller'));
        const made = await ns.create(service('web', { type, ports }));
        assert.match(made.spec.clusterIP, /^10\.96\./);
        // As upstream's test: nothing is left of what an address was for.
        const { metadata, spec } = await ns.get('Service', 'web');
        const body = {
          metadata,
          spec: { type: 'ExternalName', externalName: external.externalName, selector: spec.selector },
        };
        const changed = await cluster.ask(ns.path('Service', 'web'), { method: 'PUT', body });
        assert.equal(changed.spec.clusterIP, undefined);
        const { spec: kubernetes } = await cluster.ask('/api/v1/namespaces/default/services/kubernetes');
        await answers(async () => (await ns.exec('caller', 'dns', 'web')).trim(), kubernetes.clusterIP);
        if (type !== 'NodePort') return;
        // Its port is free for another.
        const { nodePort } = made.spec.ports[0];
        const again = service('again', { type, ports: [{ port: 80, nodePort }] });
        await until(
          () => cluster.http.post(ns.path('Service'), again),
          ({ status, text }) => assert.equal(status, 201, text),
        );
      });

    test('[sig-network] Services should be able to create a functioning NodePort service [Conformance]', async () => {
      const { ns } = await withPods('node-port', caller('caller'), peer('peer', { labels: { app } }));
      await isServed(ns, await ns.create(service('web', { type: 'NodePort', ports })));
    });

    /** How many pods answer one caller that asks often enough for all three to be met. */
    async function hostsOf(ns: ApiNamespace, target: string): Promise<number> {
      const script = `at=0; while [ $at -lt 25 ]; do wget -qO- http://${target}/; echo; at=$((at+1)); done`;
      return new Set((await ns.exec('caller', 'sh', '-c', script)).trim().split('\n')).size;
    }

    const affinities: [string, 'ClusterIP' | 'NodePort', boolean][] = [
      [
        '[sig-network] Services should have session affinity work for service with type clusterIP [LinuxOnly] [Conformance]',
        'ClusterIP',
        false,
      ],
      [
        '[sig-network] Services should be able to switch session affinity for service with type clusterIP [LinuxOnly] [Conformance]',
        'ClusterIP',
        true,
      ],
      [
        '[sig-network] Services should have session affinity work for NodePort service [LinuxOnly] [Conformance]',
        'NodePort',
        false,
      ],
      [
        '[sig-network] Services should be able to switch session affinity for NodePort service [LinuxOnly] [Conformance]',
        'NodePort',
        true,
      ],
    ];
    for (const [behaviour, type, isSwitched] of affinities)
      test(behaviour, async () => {
        const pods = ['one', 'two', 'three'].map((name) => peer(name, { labels: { app } }));
        const { ns } = await withPods(`affinity-${type.toLowerCase()}`, caller('caller'), ...pods);
        const { spec } = await ns.create(service('web', { type, ports, sessionAffinity: 'ClientIP' }));
        await hasEndpoints(ns, 'web', 3);
        const target = type === 'NodePort' ? `${nodes[0]?.address}:${spec.ports[0].nodePort}` : spec.clusterIP;
        const isMet = (count: number): Promise<number> =>
          until(
            () => hostsOf(ns, target),
            (hosts) => assert.equal(hosts, count),
          );
        await isMet(1);
        if (!isSwitched) return;
        await ns.patch('Service', 'web', { spec: { sessionAffinity: 'None' } });
        await isMet(3);
        await ns.patch('Service', 'web', { spec: { sessionAffinity: 'ClientIP' } });
        await isMet(1);
      });
  });

  describe('replicas', { concurrency: 2 }, () => {
    const labels = { name: 'my-hostname-basic' };
    const template = {
      metadata: { labels },
      spec: { terminationGracePeriodSeconds: 1, containers: [peerContainer()] },
    };
    const behaviours: [string, string, Fields][] = [
      [
        '[sig-apps] ReplicationController should serve a basic image on each replica with a public image [Conformance]',
        'ReplicationController',
        labels,
      ],
      [
        '[sig-apps] ReplicaSet should serve a basic image on each replica with a public image [Conformance]',
        'ReplicaSet',
        { matchLabels: labels },
      ],
    ];
    for (const [behaviour, kind, selector] of behaviours)
      test(behaviour, async () => {
        const ns = await cluster.namespace('replicas');
        const metadata = { name: 'my-hostname-basic' };
        await ns.create({ kind, metadata, spec: { replicas: 2, selector, template } });
        await until(
          () => ns.get(kind, 'my-hostname-basic'),
          ({ status }: Loose) => assert.equal(status.readyReplicas, 2),
        );
        const { items } = await ns.get('Pod');
        assert.equal(items.length, 2);
        for (const {
          metadata: { name },
        } of items) {
          const { text } = await cluster.http.get(`${ns.path('Pod', name)}/proxy/`);
          assert.equal(text, name);
        }
      });
  });

  describe('service accounts', { concurrency: 3 }, () => {
    const mount = '/var/run/secrets/kubernetes.io/serviceaccount';
    const review = (token: string): Promise<Loose> =>
      cluster.ask('/apis/authentication.k8s.io/v1/tokenreviews', { method: 'POST', body: { spec: { token } } });

    test('[sig-auth] ServiceAccounts should mount an API token into pods [Conformance]', async () => {
      const { ns } = await withPods('token', caller('caller'));
      const read = (file: string): Promise<string> => ns.exec('caller', 'cat', `${mount}/${file}`);
      const { status } = await review(await read('token'));
      assert.equal(status.authenticated, true);
      assert.equal(status.user.username, `system:serviceaccount:${ns.name}:default`);
      assert.equal(await read('ca.crt'), (await ns.get('ConfigMap', 'kube-root-ca.crt')).data['ca.crt']);
      assert.equal(await read('namespace'), ns.name);
    });

    test('[sig-auth] ServiceAccounts should mount projected service account token [Conformance]', async () => {
      const ns = await cluster.namespace('projected-token');
      const sources = [{ serviceAccountToken: { path: 'test-path', expirationSeconds: 3600 } }];
      const volumes = [{ name: 'token', projected: { sources } }];
      const volumeMounts = [{ name: 'token', mountPath: '/test-volume' }];
      await ns.start(pod('main', { volumeMounts }, { volumes }));
      const token = await ns.exec('main', 'cat', '/test-volume/test-path');
      const { status } = await review(token);
      assert.equal(status.user.username, `system:serviceaccount:${ns.name}:default`);
    });

    test('[sig-auth] ServiceAccounts ServiceAccountIssuerDiscovery should support OIDC discovery of service account issuer [Conformance]', async () => {
      const ns = await cluster.namespace('oidc');
      // A pod checks its own token with what the issuer, as the token names it, says of its keys.
      const program = `
        const { createPublicKey, verify } = require('node:crypto');
        const token = require('node:fs').readFileSync('${mount}/token', 'utf8');
        const [head, claims, signature] = token.split('.');
        const parsed = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
        const ask = async (url) => {
          const answer = await fetch(url, { headers: { authorization: 'Bearer ' + token } });
          if (!answer.ok) throw new Error(url + ': ' + answer.status + ' ' + (await answer.text()));
          return answer.json();
        };
        (async () => {
          const { iss } = parsed(claims);
          const { issuer, jwks_uri } = await ask(iss + '/.well-known/openid-configuration');
          const { keys } = await ask(new URL(new URL(jwks_uri).pathname, iss));
          const { kid, alg } = parsed(head);
          const key = keys.find((one) => one.kid === kid);
          const signed = Buffer.from(head + '.' + claims);
          const dsaEncoding = 'ieee-p1363';
          const isValid = verify('sha256', signed, { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding }, Buffer.from(signature, 'base64url'));
          console.log(issuer === iss, key.alg === alg, isValid);
        })();`;
      const fields = {
        image: toolbox,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '-e', program],
        env: [{ name: 'NODE_EXTRA_CA_CERTS', value: `${mount}/ca.crt` }],
      };
      assert.equal(await ns.run(scripted('', { fields })), 'true true true\n');
    });
  });
});
