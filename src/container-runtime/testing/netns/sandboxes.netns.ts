import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { execute, runProcess } from '#base';
import { PodSandboxFilter } from '#cri';
import { eventually, TestNode } from '../node.ts';

test('pods reach each other, the node, and themselves through their own addresses', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const ips: string[] = [];
  const ids: string[] = [];
  for (const name of ['a', 'b']) {
    const pod = await node.pod(name);
    const { status } = await node.runtime.podSandboxStatus({ podSandboxId: pod, verbose: false });
    ips.push(status!.network!.ip);
    ids.push(await node.run(pod, `mkdir /tmp/w; echo ${name} > /tmp/w/index.html; httpd -p 80 -h /tmp/w; sleep 1000`));
  }
  assert.deepEqual(ips, ['10.201.7.2', '10.201.7.3']);
  const get = (from: string, host: string) => node.exec(from, `wget -q -O - http://${host}/ 2>&1`);
  await eventually(async () => (await get(ids[0]!, ips[1]!)).out === 'b');
  await eventually(async () => (await get(ids[1]!, ips[0]!)).out === 'a');
  assert.equal((await get(ids[0]!, ips[0]!)).out, 'a');
  assert.equal((await get(ids[0]!, '127.0.0.1')).out, 'a');
  assert.equal(await (await fetch(`http://${ips[1]}/`)).text(), 'b\n', 'from the node');
  const server = createServer((req, res) => res.end(req.socket.remoteAddress));
  server.listen(8099, '0.0.0.0');
  await once(server, 'listening');
  assert.match((await get(ids[0]!, '10.201.7.1:8099')).out, /10\.201\.7\.2/, 'the node sees the address of the pod');
  server.closeAllConnections();
  server.close();
});

test('host ports lead to the pod until it stops', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('ports', { portMappings: [{ protocol: 'TCP', hostPort: 8888, containerPort: 80 }] });
  const id = await node.run(pod, 'mkdir /tmp/w; echo hi > /tmp/w/index.html; httpd -p 80 -h /tmp/w; sleep 1000');
  await eventually(async () => (await node.exec(id, 'wget -q -O - http://127.0.0.1/')).out === 'hi');
  assert.equal(await (await fetch('http://10.201.7.1:8888/')).text(), 'hi\n');
  assert.equal(await (await fetch('http://127.0.0.1:8888/')).text(), 'hi\n');
  assert.equal((await node.exec(id, 'wget -q -O - http://10.201.7.1:8888/')).out, 'hi', 'also from the pod itself');
  await node.runtime.stopPodSandbox({ podSandboxId: pod });
  await assert.rejects(fetch('http://10.201.7.1:8888/'));
  assert.doesNotMatch(await execute(['nft', 'list', 'table', 'ip', 'kedge-cri']), /8888/);
});

test('a host port can be that of the loopback alone; the loopback of the node stays out of reach for pods', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const portMappings = [{ protocol: 'TCP' as const, hostPort: 8889, containerPort: 80, hostIp: '127.0.0.1' }];
  const sysctls = { 'net.ipv4.conf.all.route_localnet': '1' };
  const pod = await node.pod('loopback', { portMappings, linux: { sysctls } });
  const id = await node.run(pod, 'mkdir /tmp/w; echo hi > /tmp/w/index.html; httpd -p 80 -h /tmp/w; sleep 1000', {
    linux: { securityContext: { capabilities: { addCapabilities: ['NET_ADMIN'] } } },
  });
  await eventually(async () => (await node.exec(id, 'wget -q -O - http://127.0.0.1/')).out === 'hi');
  assert.equal(await (await fetch('http://127.0.0.1:8889/')).text(), 'hi\n');
  await assert.rejects(fetch('http://10.201.7.1:8889/'));
  const server = createTcpServer((socket) => socket.end('secret\n')).listen(8098, '127.0.0.1');
  await once(server, 'listening');
  const attack =
    'ip addr del 127.0.0.1/8 dev lo; ip route add 127.0.0.1/32 via 10.201.7.1 dev eth0; nc -w 2 127.0.0.1 8098';
  assert.doesNotMatch((await node.exec(id, `${attack} < /dev/null`)).out, /secret/);
  server.close();
});

test('sysctls, host names, host network', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const sysctls = { 'net.ipv4.ip_local_port_range': '20000 30000', 'kernel.shm_rmid_forced': '1' };
  const one = await node.run(await node.pod('sys', { linux: { sysctls } }), 'sleep 1000');
  const read = await node.exec(
    one,
    'cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/kernel/shm_rmid_forced; hostname',
  );
  assert.match(read.out, /20000\s+30000\n1\nsys/);
  const host = await node.pod('host', {
    hostname: '',
    linux: { securityContext: { namespaceOptions: { network: 'NODE' } } },
  });
  const two = await node.run(host, 'hostname; ip link show cni0');
  await node.exited(two);
  const log = await node.log(two);
  assert.ok(log.startsWith(hostname()) && log.includes('cni0'), log);
  assert.equal((await node.runtime.podSandboxStatus({ podSandboxId: host, verbose: false })).status?.network?.ip, '');
});

test('containers of a pod share network, IPC and shared memory, and processes when asked', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('shared', { linux: { securityContext: { namespaceOptions: { pid: 'POD' } } } });
  const shared = { linux: { securityContext: { namespaceOptions: { pid: 'POD' as const } } } };
  const one = await node.run(pod, 'echo note > /dev/shm/note; sleep 1001', { metadata: { name: 'one' }, ...shared });
  const two = await node.run(pod, 'sleep 1002', { metadata: { name: 'two' }, ...shared });
  await eventually(async () => (await node.exec(two, 'cat /dev/shm/note')).out === 'note');
  assert.match((await node.exec(two, 'ps')).out, /sleep 1001[^]*sleep 1002/);
  const target = await node.run(pod, 'ps; kill -0 1', {
    metadata: { name: 'debug' },
    logPath: 'debug.log',
    linux: { securityContext: { namespaceOptions: { pid: 'TARGET', targetId: one } } },
  });
  await node.exited(target);
  assert.match(await node.log(target), /sleep 1001/);
  await node.runtime.stopContainer({ containerId: one, timeout: 0 });
  assert.equal((await node.exec(two, 'echo still')).out, 'still');
  await node.runtime.removePodSandbox({ podSandboxId: pod });
});

test('sandboxes are listed, filtered, stopped and removed; what is left afterwards is nothing', async () => {
  await using node = await TestNode.start();
  const a = await node.pod('a', { labels: { app: 'x' } });
  const b = await node.pod('b', { labels: { app: 'y' } });
  await node.runtime.stopPodSandbox({ podSandboxId: b });
  const list = async (filter: object): Promise<string[]> =>
    (await node.runtime.listPodSandbox({ filter: PodSandboxFilter.of(filter) })).items.map(({ id }) => id);
  assert.deepEqual(await list({}), [a, b]);
  assert.deepEqual(await list({ labelSelector: { app: 'y' } }), [b]);
  assert.deepEqual(await list({ state: { state: 'SANDBOX_READY' } }), [a]);
  assert.deepEqual(await list({ id: a.slice(0, 12) }), [a]);
  await node.runtime.removePodSandbox({ podSandboxId: a });
  await node.runtime.removePodSandbox({ podSandboxId: b });
  await node.runtime.removePodSandbox({ podSandboxId: b });
  assert.deepEqual(await list({}), []);
  assert.doesNotMatch((await runProcess(['ip', '-br', 'link'])).stdout, /kp/);
});

test('a sandbox that cannot be made leaves nothing', async () => {
  await using node = await TestNode.start();
  const namespaceOptions = { pid: 'POD' as const };
  const linux = { sysctls: { 'net.no.such.sysctl': '1' }, securityContext: { namespaceOptions } };
  const holders = async (): Promise<string> =>
    (await runProcess(['ps', '-o', 'args', '--ppid', `${process.pid}`])).stdout;
  await assert.rejects(node.pod('bad', { linux }));
  assert.doesNotMatch(await holders(), /unshare --pid/);
  assert.deepEqual((await node.runtime.listPodSandbox({})).items, []);
  assert.doesNotMatch((await runProcess(['ip', '-br', 'link'])).stdout, /kp/);
  let cidr: string | undefined;
  await using early = await TestNode.start({ podCidr: () => cidr, bridge: 'cni9', nftTable: 'kedge-early' });
  assert.equal((await early.runtime.status({ verbose: false })).status?.conditions[1]?.status, false);
  await assert.rejects(early.pod('early'), /no pod CIDR/);
  cidr = '10.202.0.0/24';
  assert.ok(await early.pod('later'));
});
