/** A cluster's life on a machine: up, side by side, crashed and brought back, and gone without a trace. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execute, runProcess } from '#base';
import { busyboxArchive } from '../support/busybox.ts';
import { TestCluster } from '../support/cluster.ts';
import { appeared, machineState } from '../support/machine-state.ts';
import { Session } from '../support/session.ts';
import { deployment, pod, service, webServer } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose } from '../support/test-namespace.ts';
import { until } from '../support/until.ts';

const onNode = (node: string) => ({ nodeSelector: { 'kubernetes.io/hostname': node } });

/** What says whether containers were left alone: their IDs and how often they were started, by pod. */
function containersOf({ items }: Loose): Map<string, string> {
  return new Map(
    items.map(({ metadata, status }: Loose) => {
      const [{ containerID, restartCount }] = status.containerStatuses;
      return [metadata.name, `${containerID} restarted ${restartCount} times`];
    }),
  );
}

describe('lifecycle', { skip: cannotRun() }, () => {
  let untouched: ReadonlySet<string>;
  let cluster: TestCluster;
  let other: TestCluster;
  before(async () => {
    untouched = await machineState();
    cluster = await TestCluster.up('--nodes', '3');
    other = cluster.beside('beside');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const nodeNames = () => [1, 2, 3].map((n) => `${cluster.name}-${n}`);
  const config = async (of: TestCluster): Promise<Loose> =>
    JSON.parse(await readFile(join(of.home, 'clusters', of.name, 'cluster.json'), 'utf8'));

  test('three nodes are Ready, and their pods reach one another by address, Service and name', async () => {
    const nodes = await cluster.kubectl('get', 'nodes', '--no-headers');
    for (const node of nodeNames()) assert.match(nodes, new RegExp(`^${node} +Ready `, 'm'));
    const ns = await cluster.namespace('across');
    const pods = nodeNames().map((node, n) => pod(`web-${n}`, webServer(), onNode(node), { labels: { app: 'web' } }));
    await ns.apply(...pods, service('web', { ports: [{ port: 80, targetPort: 'http' }] }));
    await ns.waitFor('condition=Ready', 'pod', '--all');
    const { items } = await ns.get('pods');
    assert.equal(new Set(items.map(({ spec }: Loose) => spec.nodeName)).size, 3);
    for (const { metadata: from } of items) {
      for (const { metadata: to, status } of items)
        assert.equal(await ns.exec(from.name, 'wget', '-qO-', `http://${status.podIP}:8080/`), `${to.name}\n`);
      await until(
        () => ns.exec(from.name, 'sh', '-c', 'for i in $(seq 20); do wget -qO- http://web.across/; done'),
        (answers) => assert.equal(new Set(answers.trim().split('\n')).size, 3, answers),
      );
    }
  });

  test('a second cluster takes the next port and says so; both answer, each in its context', async () => {
    const { apiPort: taken } = await config(cluster);
    const said = await other.kedge('up', '--name', other.name, '--api-port', String(taken));
    const { apiPort } = await config(other);
    assert.ok(apiPort > taken);
    assert.match(said, new RegExp(`^! port ${taken} is in use; the API server gets ${apiPort}$`, 'm'));
    for (const one of [cluster, other]) {
      const nodes = await one.kubectl('--context', `kedge-${one.name}`, 'get', 'nodes', '-o', 'name');
      assert.match(nodes, new RegExp(`^node/${one.name}-1$`, 'm'));
      assert.doesNotMatch(nodes, new RegExp(one === cluster ? other.name : cluster.name));
    }
    assert.equal(await cluster.kubectl('config', 'current-context'), 'kedge-beside\n');
    await cluster.kubectl('config', 'use-context', `kedge-${cluster.name}`);
  });

  test('in the foreground it stays until Ctrl-C, however often that is handed on, and then stops', async () => {
    const third = cluster.beside('foreground');
    try {
      await using session = new Session(third.kedgeCommand('up', '--name', third.name, '--foreground'), third.env);
      await session.until(/Press Ctrl-C to stop it/, 60_000);
      const state = () => third.tryKedge('status', '--name', third.name);
      assert.match((await state()).stdout, / running\n/);
      session.interrupt();
      session.interrupt();
      assert.equal(await session.exit, 0);
      assert.match(session.stdout, /cluster "foreground" stopped/);
      assert.match((await state()).stdout, / stopped\n/);
    } finally {
      await third.kedge('down', '--name', third.name);
    }
  });

  test('a port that nobody asked for is also told when it is not the usual one', async () => {
    const third = cluster.beside('third');
    const usual = createServer();
    try {
      // Where the usual port is in use already, that will do.
      await once(usual.listen(6443, '127.0.0.1'), 'listening').catch(() => {});
      assert.match(await third.kedge('up', '--name', third.name), /^! port 6443 is in use; the API server gets \d+$/m);
    } finally {
      usual.close();
      await third.kedge('down', '--name', third.name);
      await cluster.kubectl('config', 'use-context', `kedge-${cluster.name}`);
    }
  });

  test('up again starts nothing, and refuses to make the cluster another one', async () => {
    const running = await cluster.processes();
    await cluster.kedge('up', '--name', cluster.name);
    await cluster.kedge('up', '--name', cluster.name, '--nodes', '3');
    assert.deepEqual(await cluster.processes(), running);
    const { code, stderr } = await cluster.tryKedge('up', '--name', cluster.name, '--nodes', '2');
    assert.equal(code, 1);
    assert.match(stderr, /^error: the cluster "\w+" exists and cannot be changed: --nodes 2 \(the cluster has 3\)/);
  });

  test('two who bring the same cluster up at once do not trip over each other', async () => {
    const twin = cluster.beside('twin');
    await Promise.all([twin.kedge('up', '--name', 'twin'), twin.kedge('up', '--name', 'twin')]);
    assert.match(await twin.kedge('status', '--name', 'twin'), /^twin-1 +\S+ +running +Ready$/m);
    await twin.kedge('down', '--name', 'twin');
    await cluster.kubectl('config', 'use-context', `kedge-${cluster.name}`);
  });

  test('status, kubeconfig, logs, version and help tell about clusters and commands', async () => {
    const status = await cluster.kedge('status');
    assert.match(status, new RegExp(`^${cluster.name}   https://127.0.0.1:\\d+   running$`, 'm'));
    for (const node of [...nodeNames(), 'beside-1'])
      assert.match(status, new RegExp(`^${node} +10\\.89\\.\\d+\\.\\d+ +running +Ready$`, 'm'));
    const file = join(cluster.home, 'one.yaml');
    await writeFile(file, await other.kedge('kubeconfig', '--name', other.name));
    assert.equal(await cluster.kubectl('--kubeconfig', file, 'get', 'nodes', '-o', 'name'), 'node/beside-1\n');
    assert.match(await cluster.kedge('logs', 'apiserver', '--name', cluster.name), /"serving the API"/);
    assert.match(await cluster.kedge('logs', nodeNames()[2]!, '--name', cluster.name), /"component":"kubelet"/);
    const follow = cluster.kedgeCommand('logs', '--name', cluster.name).join(' ');
    assert.match(
      await execute(['bash', '-c', `set -o pipefail; ${follow} | head -1`], { env: cluster.env }),
      /starting/,
    );
    assert.match(await cluster.kedge('version'), /^Kedge \d+\.\d+\.\d+\nKubernetes v1\.36\.\d+\nNode\.js v26\./);
    assert.match(await cluster.kedge('help'), /^ {2}up \[options\] +bring a cluster up/m);
    assert.match(await cluster.kedge('help', 'up'), /--nodes <count>/);
    assert.match(await cluster.kedge('help', 'image', 'load'), /Usage: kedge image load/);
  });

  test('etcdctl sees the store of a running cluster, for the owner alone', { skip: cannotRun('etcdctl') }, async () => {
    const socket = join(cluster.home, 'clusters', cluster.name, 'run', 'etcd.sock');
    assert.equal((await stat(socket)).mode & 0o777, 0o600);
    const etcdctl = (...args: string[]): Promise<string> =>
      execute(['etcdctl', '--endpoints', `unix://${socket}`, ...args], { env: { ...cluster.env, ETCDCTL_API: '3' } });
    const keys = await etcdctl('get', '/', '--prefix', '--keys-only');
    assert.match(keys, /^\/registry\/namespaces\/default$/m);
    assert.match(await etcdctl('endpoint', 'status'), /, 3\.6\./);
  });

  test('images are loaded for all clusters of a machine, listed and removed', async () => {
    const name = 'example.test/loaded:1';
    const input = await busyboxArchive(name);
    assert.equal(await execute(cluster.kedgeCommand('image', 'load', '-'), { env: cluster.env, input }), `${name}\n`);
    assert.match(await cluster.kedge('image', 'list'), /^example\.test\/loaded:1 +sha256:[0-9a-f]{12} +\d+\.\d MB$/m);
    await cluster.kedge('image', 'remove', name);
    assert.doesNotMatch(await cluster.kedge('image', 'list'), /example\.test/);
    const { code, stderr } = await cluster.tryKedge('image', 'remove', name);
    assert.deepEqual([code, stderr.startsWith(`error: there is no image "${name}"`)], [1, true]);
    const noArchive = await cluster.tryKedge('image', 'load', '/etc/passwd');
    assert.deepEqual(
      [noArchive.code, noArchive.stderr.startsWith('error: no image could be taken from /etc/')],
      [1, true],
    );
  });

  test('after kill -9 of every process, up finds objects and running containers as they were', async () => {
    const ns = await cluster.namespace('crash');
    await ns.apply(deployment('web', webServer(), { replicas: 6 }), service('web'));
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    const known = containersOf(await ns.get('pods'));
    await cluster.crash();
    const { code, stdout } = await cluster.tryKedge('status', '--name', cluster.name);
    assert.deepEqual([code, /stopped$/m.test(stdout)], [1, true]);
    await cluster.kedge('up', '--name', cluster.name);
    assert.deepEqual(containersOf(await ns.get('pods')), known);
    await ns.kubectl('scale', 'deployment/web', '--replicas=7');
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    const now = containersOf(await ns.get('pods'));
    for (const [name, container] of known) assert.equal(now.get(name), container);
    const [name] = known.keys();
    assert.equal(await ns.exec(name!, 'hostname'), `${name}\n`);
  });

  test('what ended while the cluster was down is restarted when it is up again', async () => {
    const ns = await cluster.namespace('ended');
    await ns.apply(pod('stays', {}, onNode(nodeNames()[0]!)), pod('ends', {}, onNode(nodeNames()[0]!)));
    await ns.waitFor('condition=Ready', 'pod', '--all');
    const { items } = await ns.get('pods');
    const ids = containersOf({ items });
    await cluster.crash();
    const id = /:\/\/(\w+)/.exec(ids.get('ends')!)![1]!;
    const pids = await readFile(
      join(cluster.home, 'clusters', cluster.name, 'run', nodeNames()[0]!, 'bundles', id, 'pid'),
      'utf8',
    );
    process.kill(Number(pids), 'SIGKILL');
    await cluster.kedge('up', '--name', cluster.name);
    await ns.until(['pod', 'ends'], ({ status }) => {
      const [container] = status.containerStatuses;
      assert.equal(container.restartCount, 1);
      assert.equal(container.lastState.terminated.exitCode, 137);
      assert.ok(container.state.running);
    });
    assert.equal(containersOf(await ns.get('pods')).get('stays'), ids.get('stays'));
  });

  test('a node that a user has cordoned or tainted does not keep the cluster from coming up', async () => {
    const [node] = nodeNames();
    await cluster.kubectl('cordon', node!);
    await cluster.kubectl('taint', 'node', node!, 'mine=yes:NoSchedule');
    try {
      await cluster.crash();
      await cluster.kedge('up', '--name', cluster.name);
    } finally {
      await cluster.kubectl('taint', 'node', node!, 'mine-');
      await cluster.kubectl('uncordon', node!);
    }
  });

  test('down removes one cluster and leaves the other as it is', async () => {
    const { bridge } = await config(other);
    await other.kedge('down', '--name', other.name);
    const left = appeared(untouched, await machineState(), [bridge, '--name beside']);
    assert.deepEqual(
      left.filter((line) => line.includes(bridge) || line.includes('--name beside')),
      [],
    );
    assert.deepEqual(await readdir(join(cluster.home, 'clusters')), [cluster.name]);
    assert.equal(await cluster.kubectl('config', 'get-contexts', '-o', 'name'), `kedge-${cluster.name}\n`);
    assert.match(await cluster.kedge('status'), new RegExp(`^${nodeNames()[2]} .*Ready$`, 'm'));
  });

  test('down after kill -9 leaves nothing, even when the configuration is damaged', async () => {
    const { bridge } = await config(cluster);
    await cluster.crash();
    await writeFile(join(cluster.home, 'clusters', cluster.name, 'cluster.json'), '{"name": "cut o');
    const { code, stderr } = await cluster.tryKedge('up', '--name', cluster.name);
    assert.equal(code, 1);
    assert.match(stderr, /cluster\.json is damaged: restore it, or remove the cluster with "kedge down --name \w+"\n$/);
    await cluster.kedge('down', '--all');
    await until(machineState, (now) =>
      assert.deepEqual(appeared(untouched, now, [bridge, cluster.home, cluster.name]), []),
    );
    const { contexts } = JSON.parse(await cluster.kubectl('config', 'view', '-o', 'json'));
    assert.equal(contexts, null);
    const files = (await readdir(cluster.home)).filter((name) => name !== '.kube'); // kubectl's cache
    assert.deepEqual(files.sort(), ['images', 'one.yaml']); // the images are the machine's, the manifest is ours
    assert.equal(await cluster.kedge('down', '--all'), 'There is no cluster.\n');
  });
});

/** Commands that ask for what cannot be, and what the one line says that they get. */
const refused: [string, RegExp][] = [
  ['bogus', /unknown command 'bogus'/],
  ['help bogus', /unknown command 'bogus'/],
  ['up --bogus', /unknown option '--bogus'/],
  ['up extra', /too many arguments for 'up'/],
  ['up --name', /option '--name <name>' argument missing/],
  ['up --name Bad_Name', /"Bad_Name" cannot name a cluster: use lower-case letters/],
  ['up --nodes 0', /--nodes takes a whole number from 1 to 100, not 0/],
  ['up --nodes two', /'--nodes <count>' argument 'two' is invalid\. It takes a whole number/],
  ['up --pod-cidr 10.0.0/8', /--pod-cidr takes a network such as 10\.244\.0\.0\/16, not "10\.0\.0\/8"/],
  ['up --pod-cidr 10.0.0.0/8', /--pod-cidr 10\.0\.0\.0\/8 and --service-cidr 10\.96\.0\.0\/16 overlap/],
  ['down', /there is no cluster "kedge" in .*: "kedge status" lists those that are/],
  ['down --name ../up', /"\.\.\/up" cannot name a cluster/],
  ['down --all --name x', /option '--name <name>' cannot be used with option '--all'/],
  ['logs --name none', /there is no cluster "none"/],
  ['server --name none', /there is no cluster "none"/],
  ['image load /no/archive', /no image could be taken from \/no\/archive: ENOENT/],
];

describe('what cannot be is refused in one line, and leaves nothing', { skip: cannotRun(), concurrency: 2 }, () => {
  let untouched: ReadonlySet<string>;
  let nothing: TestCluster;
  before(async () => {
    untouched = await machineState();
    nothing = await TestCluster.home();
  });
  after(async () => {
    assert.deepEqual(appeared(untouched, await machineState(), [nothing.home]), []);
    await nothing[Symbol.asyncDispose]();
  });

  async function refuses(says: RegExp, args: string[], env: Record<string, string> = {}): Promise<void> {
    const { code, stdout, stderr } = await runProcess(nothing.kedgeCommand(...args), {
      env: { ...nothing.env, ...env },
    });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, says);
    assert.match(stderr, /^error: .*\n$/, 'one line');
    assert.deepEqual(await readdir(nothing.home), []);
  }

  for (const [command, says] of refused) test(`kedge ${command}`, () => refuses(says, command.split(' ')));

  test('a home whose path is too long for sockets, or that mounts do not take', async () => {
    await refuses(/is \d+ characters too long for the sockets in it/, ['up'], { KEDGE_HOME: `/tmp/${'x'.repeat(90)}` });
    await refuses(/has characters that mounts do not take/, ['up'], { KEDGE_HOME: '/tmp/a,b' });
  });

  test('a kubeconfig that is none is left as it is', async () => {
    await refuses(/passwd is no kubeconfig: repair it or move it away/, ['up'], { KUBECONFIG: '/etc/passwd' });
  });
});
