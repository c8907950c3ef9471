/** What an application lives through: started, found, probed, restarted, updated without anyone noticing, ended. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TestCluster } from '../support/cluster.ts';
import { busybox, container, deployment, pod, service, shell, toolbox, webServer } from '../support/manifests.ts';
import { ask } from '../support/http.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, TestNamespace } from '../support/test-namespace.ts';
import { root } from '../support/tools.ts';
import { until } from '../support/until.ts';

describe('workloads', { skip: cannotRun(), concurrency: 4 }, () => {
  let cluster: TestCluster;
  let nodeAddress: string;
  before(async () => {
    cluster = await TestCluster.up();
    nodeAddress = await cluster.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].status.addresses[0].address}');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  test("the README's example answers from the machine, by its name inside, and is removed", async () => {
    const file = join(root, 'examples/hello/hello.yaml');
    await cluster.kubectl('apply', '-f', file);
    await cluster.kubectl('rollout', 'status', 'deployment/hello', '--timeout=60s');
    const names = new Set<string>();
    await until(
      async () => names.add((await ask(`http://${nodeAddress}:30080/`)).text),
      () => assert.equal(names.size, 3, [...names].join()),
    );
    for (const answer of names) assert.match(answer, /hello from Kedge/);
    const run = [
      'run',
      'ask',
      '--rm',
      '-i',
      '--restart=Never',
      `--image=${toolbox}`,
      '--image-pull-policy=IfNotPresent',
    ];
    assert.match(await cluster.kubectl(...run, '--', 'get', 'http://hello/'), /hello from Kedge/);
    assert.match(await cluster.kubectl('delete', '-f', file), /deployment\.apps "hello" deleted/);
    await cluster.kubectl('wait', '--for=delete', 'pod', '-l', 'app=hello', '--timeout=60s');
    await assert.rejects(ask(`http://${nodeAddress}:30080/`));
  });

  /** Two pods behind a Service `web` on port 80, and a pod `client`. */
  async function withService(name: string, spec = {}): Promise<TestNamespace> {
    const ns = await cluster.namespace(name);
    await ns.apply(
      deployment('web', webServer(), { replicas: 2 }),
      service('web', { ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec }),
      pod('client'),
    );
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    await ns.waitFor('condition=Ready', 'pod/client');
    return ns;
  }

  const wget = (ns: TestNamespace, url: string): Promise<string> => ns.exec('client', 'wget', '-qO-', url);

  test('a Service is reached by its address, its short, longer and full name, and leads to all its pods', async () => {
    const ns = await withService('reach');
    const address = await ns.kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}');
    const pods = (await ns.kubectl('get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].metadata.name}')).split(
      ' ',
    );
    for (const host of [address, 'web', 'web.reach', 'web.reach.svc', 'web.reach.svc.cluster.local'])
      assert.ok(pods.includes((await wget(ns, `http://${host}/`)).trim()), host);
    const script = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do wget -qO- http://web/; done';
    const answers = (await ns.exec('client', 'sh', '-c', script)).trim().split('\n');
    assert.equal(answers.length, 20);
    assert.deepEqual(new Set(answers), new Set(pods));
    assert.match(
      await ns.exec(pods[0]!, 'sh', '-c', 'for i in 1 2 3 4 5 6; do wget -qO- http://web/; done'),
      new RegExp(pods[0]!),
    );
    assert.match(await ns.exec('client', 'nslookup', 'web.reach.svc.cluster.local'), new RegExp(`Address: ${address}`));
    assert.match(await ns.exec('client', 'nslookup', address), /name = web\.reach\.svc\.cluster\.local/);
    assert.match((await ns.try(['exec', 'client', '--', 'wget', '-qO-', 'http://none/'])).stderr, /bad address/);
  });

  test('a headless Service names the addresses of its pods, and each pod that has a hostname', async () => {
    const ns = await cluster.namespace('headless');
    const named = (name: string) =>
      pod(name, webServer(), { hostname: name, subdomain: 'peers' }, { labels: { app: 'peers' } });
    await ns.apply(service('peers', { clusterIP: 'None' }), named('zero'), named('one'));
    await ns.waitFor('condition=Ready', 'pod', '--all');
    const ips = (await ns.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].status.podIP}')).split(' ');
    const lookup = await until(
      () => ns.exec('zero', 'nslookup', 'peers.headless.svc.cluster.local'),
      (text) => ips.forEach((ip) => assert.match(text, new RegExp(`Address: ${ip}\n`))),
    );
    assert.doesNotMatch(lookup, /10\.96\.(?!0\.10)/);
    assert.equal(await ns.exec('zero', 'wget', '-qO-', 'http://one.peers:8080/'), 'one\n');
  });

  test('a NodePort answers the machine on the address of the node', async () => {
    const ns = await withService('node-port', { type: 'NodePort' });
    const port = await ns.kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    assert.match((await ask(`http://${nodeAddress}:${port}/`)).text, /^web-/);
    await ns.kubectl('delete', 'service', 'web');
    await until(
      () =>
        ask(`http://${nodeAddress}:${port}/`).then(
          () => 'answered',
          () => 'refused',
        ),
      (outcome) => assert.equal(outcome, 'refused'),
    );
  });

  test('ClientIP affinity keeps a client with one pod', async () => {
    const ns = await withService('affinity', { sessionAffinity: 'ClientIP' });
    const script = 'for i in 1 2 3 4 5 6 7 8 9 10; do wget -qO- http://web/; done';
    assert.equal(new Set((await ns.exec('client', 'sh', '-c', script)).trim().split('\n')).size, 1);
  });

  test('a rolling update replaces every pod and fails no request', async () => {
    const ns = await cluster.namespace('rolling');
    const settle = { preStop: { sleep: { seconds: 1 } } };
    await ns.apply(
      deployment('web', webServer({ lifecycle: settle }), {
        replicas: 3,
        strategy: { rollingUpdate: { maxUnavailable: 0 } },
      }),
      service('web', { type: 'NodePort', ports: [{ port: 80, targetPort: 'http' }] }),
    );
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    const port = await ns.kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    const answered = new Map<string, number>();
    const done = new AbortController();
    const askOn = async (): Promise<void> => {
      while (!done.signal.aborted) {
        const { status, text: name } = await ask(`http://${nodeAddress}:${port}/`);
        assert.equal(status, 200);
        answered.set(name, (answered.get(name) ?? 0) + 1);
      }
    };
    const askers = Promise.all([askOn(), askOn()]);
    await until(
      () => Promise.resolve(answered.size),
      (size) => assert.equal(size, 3),
    );
    await ns.kubectl('rollout', 'restart', 'deployment/web');
    await Promise.race([ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s'), askers]);
    await Promise.race([
      until(
        () => Promise.resolve(answered.size),
        (size) => assert.equal(size, 6),
      ),
      askers,
    ]);
    done.abort();
    await askers;
  });

  test('init containers run one after the other before the others, and a sidecar beside them', async () => {
    const ns = await cluster.namespace('init');
    const data = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const step = (name: string, script: string, more = {}) => ({
      ...container({ name, command: ['sh', '-c', script], ...data }),
      ...more,
    });
    await ns.apply(
      pod(
        'main',
        {},
        {
          initContainers: [
            step('first', 'echo first >> /data/log'),
            {
              ...container({ name: 'side', ...data, command: shell('echo side >> /data/log') }),
              restartPolicy: 'Always',
            },
            step('second', 'while ! grep -q side /data/log; do sleep 0.1; done; echo second >> /data/log'),
          ],
          containers: [
            container({
              command: shell('echo main >> /data/log; touch /tmp/done'),
              readinessProbe: { exec: { command: ['cat', '/tmp/done'] }, periodSeconds: 1 },
              ...data,
            }),
          ],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      ),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal(await ns.exec('main', 'cat', '/data/log'), 'first\nside\nsecond\nmain\n');
    assert.match(await ns.kubectl('get', 'pod', 'main'), /main +2\/2 +Running/);
  });

  test('an init container that fails holds the pod back and is tried again', async () => {
    const ns = await cluster.namespace('init-fails');
    await ns.apply(pod('main', {}, { initContainers: [container({ name: 'bad', command: ['sh', '-c', 'exit 4'] })] }));
    const { status } = await ns.until(['pod', 'main'], ({ status }) =>
      assert.ok(status.initContainerStatuses[0].restartCount >= 1),
    );
    assert.equal(status.phase, 'Pending');
    // It may be seen while its next container is made.
    const column = (): Promise<string> => ns.kubectl('get', 'pod', 'main');
    await until(column, (text) => assert.match(text, /main +0\/1 +Init:(CrashLoopBackOff|Error)/));
    await ns.apply(
      pod('never', {}, { restartPolicy: 'Never', initContainers: [container({ name: 'bad', command: ['false'] })] }),
    );
    await ns.waitFor('jsonpath={.status.phase}=Failed', 'pod/never');
    assert.match(await ns.kubectl('get', 'pod', 'never'), /never +0\/1 +Init:Error/);
  });

  test('postStart runs at the start, preStop and SIGTERM at the end, within the grace period', async () => {
    const ns = await cluster.namespace('hooks');
    const script = `trap 'echo terminated; exit 0' TERM; while true; do sleep 0.1; done`;
    await ns.apply(
      pod('main', {
        command: ['sh', '-c', script],
        lifecycle: {
          postStart: { exec: { command: ['sh', '-c', 'echo started > /proc/1/fd/1'] } },
          preStop: { exec: { command: ['sh', '-c', 'echo stopping > /proc/1/fd/1; sleep 0.3'] } },
        },
      }),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    await using logs = await ns.start(['logs', '-f', 'main']);
    await logs.until(/^started\n$/);
    await ns.kubectl('delete', 'pod', 'main');
    await logs.until(/^started\nstopping\nterminated\n$/);
  });

  test('a container that does not end is killed after its grace period', async () => {
    const ns = await cluster.namespace('stubborn');
    await ns.apply(
      pod(
        'main',
        { command: ['sh', '-c', `trap 'echo no' TERM; while true; do sleep 0.1; done`] },
        { terminationGracePeriodSeconds: 1 },
      ),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    await using watch = await ns.start(['get', 'pod', 'main', '-w', '-o', 'json']);
    await ns.kubectl('delete', 'pod', 'main');
    await watch.until(/"exitCode": 137/);
  });

  test('restartPolicy says whether a container that ends is started again', async () => {
    const ns = await cluster.namespace('restart');
    const ends = (name: string, restartPolicy: string, code: number) =>
      pod(name, { command: ['sh', '-c', `exit ${code}`] }, { restartPolicy });
    await ns.apply(
      ends('never', 'Never', 3),
      ends('on-failure-well', 'OnFailure', 0),
      ends('on-failure', 'OnFailure', 1),
      ends('always', 'Always', 0),
    );
    await ns.waitFor('jsonpath={.status.phase}=Failed', 'pod/never');
    await ns.waitFor('jsonpath={.status.phase}=Succeeded', 'pod/on-failure-well');
    const ended = (await ns.get('pod', 'never')).status.containerStatuses[0];
    assert.equal(ended.state.terminated.exitCode, 3);
    assert.equal(ended.state.terminated.reason, 'Error');
    assert.equal(ended.restartCount, 0);
    for (const name of ['on-failure', 'always'])
      await ns.until(['pod', name], ({ status }) => assert.ok(status.containerStatuses[0].restartCount >= 1));
    assert.match(await ns.kubectl('get', 'pods'), /never +0\/1 +Error +0 [^]*on-failure-well +0\/1 +Completed +0 /);
  });

  test('a container that keeps failing is in CrashLoopBackOff and keeps its history', async () => {
    const ns = await cluster.namespace('crash');
    await ns.apply(deployment('web', { command: ['sh', '-c', 'echo failing; exit 1'] }));
    const { items } = await ns.until(['pods'], ({ items }) =>
      assert.equal(items[0].status.containerStatuses[0].state.waiting?.reason, 'CrashLoopBackOff'),
    );
    const [status] = items[0].status.containerStatuses;
    assert.match(
      status.state.waiting.message,
      /^back-off \d+s restarting failed container=main pod=web-\S+_crash\(\S+\)$/,
    );
    assert.equal(status.lastState.terminated.exitCode, 1);
    assert.match(await ns.kubectl('get', 'pods'), /web-\S+ +0\/1 +CrashLoopBackOff +\d+ \(\d+s ago\)/);
    await until(
      () => ns.kubectl('events'),
      (text) =>
        assert.match(
          text,
          /Warning +BackOff +Pod\/web-\S+ +Back-off restarting failed container main in pod web-\S+_crash\(\S+\)/,
        ),
    );
    assert.equal(await ns.logs(items[0].metadata.name, '--previous'), 'failing\n');
  });

  test('readiness by HTTP, TCP and command takes a pod out of its Service and back', async () => {
    const ns = await cluster.namespace('readiness');
    const probe = (name: string, readinessProbe: object) =>
      deployment(
        name,
        webServer({
          command: shell('mkdir /www; touch /www/ok; httpd -p 8080 -h /www'),
          readinessProbe: { periodSeconds: 1, failureThreshold: 1, ...readinessProbe },
        }),
      );
    const kinds: Record<string, object> = {
      http: { httpGet: { path: '/ok', port: 'http' } },
      tcp: { tcpSocket: { port: 8080 } },
      exec: { exec: { command: ['cat', '/www/ok'] } },
    };
    await ns.apply(...Object.entries(kinds).flatMap(([name, one]) => [probe(name, one), service(name)]));
    const endpoints = (name: string, ready: boolean): Promise<Loose> =>
      ns.until(['endpointslices', '-l', `kubernetes.io/service-name=${name}`], ({ items }) =>
        assert.equal(items[0].endpoints?.[0]?.conditions.ready, ready),
      );
    await Promise.all(
      Object.keys(kinds).map(async (name) => {
        await ns.waitFor('condition=Available', `deployment/${name}`);
        await endpoints(name, true);
        const inPod = (script: string) => ns.exec(`deployment/${name}`, 'sh', '-c', script);
        await inPod(name === 'tcp' ? 'busybox killall httpd' : 'rm /www/ok');
        await endpoints(name, false);
        await inPod(name === 'tcp' ? 'httpd -p 8080 -h /www' : 'touch /www/ok');
        await endpoints(name, true);
      }),
    );
    assert.match(
      await ns.kubectl('events'),
      /Unhealthy +Pod\/http-\S+ +Readiness probe failed: HTTP probe failed with statuscode: 404/,
    );
  });

  test('liveness restarts a container that hangs, once startup has passed', async () => {
    const ns = await cluster.namespace('liveness');
    const check = { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 1 };
    await ns.apply(
      pod('main', {
        command: shell('sleep 2; touch /tmp/ok; echo up'),
        startupProbe: { ...check, failureThreshold: 30 },
        livenessProbe: { ...check, failureThreshold: 1 },
      }),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal((await ns.get('pod', 'main')).status.containerStatuses[0].restartCount, 0);
    await ns.exec('main', 'rm', '/tmp/ok');
    await ns.until(['pod', 'main'], ({ status }) => assert.equal(status.containerStatuses[0].restartCount, 1));
    await until(
      () => ns.kubectl('events'),
      (text) =>
        assert.match(
          text,
          /Unhealthy +Pod\/main +Liveness probe failed: [^]*Killing +Pod\/main +Container main failed liveness probe, will be restarted/,
        ),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
  });

  test('requests and limits stand in the cgroup, and a container over its memory is OOMKilled', async () => {
    const ns = await cluster.namespace('resources');
    const resources = { requests: { cpu: '100m', memory: '32Mi' }, limits: { cpu: '500m', memory: '64Mi' } };
    await ns.apply(
      pod('main', { resources }),
      pod(
        'greedy',
        { command: ['sh', '-c', 'head -c 200000000 /dev/zero | busybox tail'], resources },
        { restartPolicy: 'Never' },
      ),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal((await ns.get('pod', 'main')).status.qosClass, 'Burstable');
    const groups = await ns.exec('main', 'cat', '/proc/self/cgroup');
    const setting = async (controller: string, v1: string, v2: string): Promise<string> => {
      const own = new RegExp(`^\\d+:[\\w,=]*\\b${controller}\\b[\\w,]*:(.*)$`, 'm').exec(groups)?.[1];
      const path =
        own === undefined
          ? `/sys/fs/cgroup${/^0::(.*)$/m.exec(groups)?.[1]}/${v2}`
          : `/sys/fs/cgroup/${controller}${own}/${v1}`;
      return (await readFile(path, 'utf8')).trim();
    };
    assert.equal(await setting('memory', 'memory.limit_in_bytes', 'memory.max'), String(64 * 1024 * 1024));
    assert.match(await setting('cpu', 'cpu.cfs_quota_us', 'cpu.max'), /^50000\b/);
    const { status } = await ns.until(['pod', 'greedy'], ({ status }) => assert.equal(status.phase, 'Failed'));
    assert.equal(status.containerStatuses[0].state.terminated.reason, 'OOMKilled');
    assert.equal(status.containerStatuses[0].state.terminated.exitCode, 137);
    assert.match(
      await cluster.kubectl('describe', 'node'),
      /resources +main +100m \(\d+%\) +500m \(\d+%\) +32Mi \(\d+%\) +64Mi/,
    );
  });

  test('a pod that asks for more than the node has waits, says why, and starts when there is room', async () => {
    const ns = await cluster.namespace('pending');
    const cpus = Number(await cluster.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].status.allocatable.cpu}'));
    const half = { resources: { requests: { cpu: `${cpus * 600}m` } } };
    await ns.apply(pod('first', half));
    await ns.waitFor('condition=Ready', 'pod/first');
    await ns.apply(pod('second', half));
    await until(
      () => ns.kubectl('events', '--for', 'pod/second'),
      (text) => assert.match(text, /Warning +FailedScheduling .*0\/1 nodes are available: 1 Insufficient cpu\./),
    );
    assert.match(await ns.kubectl('get', 'pods'), /second +0\/1 +Pending/);
    await ns.kubectl('delete', 'pod', 'first');
    await ns.waitFor('condition=Ready', 'pod/second');
  });

  test('a security context sets user, groups, capabilities and a root file system that is only read', async () => {
    const ns = await cluster.namespace('security');
    const securityContext = {
      runAsUser: 1000,
      runAsGroup: 3000,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    };
    await ns.apply(
      pod(
        'main',
        { securityContext, volumeMounts: [{ name: 'data', mountPath: '/data' }] },
        { securityContext: { fsGroup: 2000, supplementalGroups: [4000] }, volumes: [{ name: 'data', emptyDir: {} }] },
      ),
      pod('root-refused', {}, { securityContext: { runAsNonRoot: true } }),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.match(
      await ns.exec('main', 'id'),
      /^uid=1000\S* gid=3000 groups=.*2000.*4000|^uid=1000\S* gid=3000 groups=.*4000.*2000/,
    );
    assert.match(await ns.exec('main', 'grep', 'CapEff', '/proc/1/status'), /0000000000000000/);
    assert.match(await ns.exec('main', 'grep', 'NoNewPrivs', '/proc/1/status'), /1/);
    assert.match(
      await ns.exec('main', 'sh', '-c', 'touch /x 2>&1; touch /data/x && stat -c %g /data/x'),
      /Read-only file system\n2000/,
    );
    await ns.until(['pod', 'root-refused'], ({ status }) => {
      assert.equal(status.containerStatuses[0].state.waiting.reason, 'CreateContainerConfigError');
      assert.match(
        status.containerStatuses[0].state.waiting.message,
        /container has runAsNonRoot and image will run as root/,
      );
    });
  });

  test('containers of a pod share its network and host name; hostNetwork is that of the node', async () => {
    const ns = await cluster.namespace('network');
    await ns.apply(
      pod('main', {}, { containers: [container(webServer()), container({ name: 'other' })], hostname: 'renamed' }),
      pod('on-host', {}, { hostNetwork: true }),
    );
    await ns.waitFor('condition=Ready', 'pod', '--all');
    assert.equal(
      await ns.kubectl('exec', 'main', '-c', 'other', '--', 'wget', '-qO-', 'http://127.0.0.1:8080/'),
      'renamed\n',
    );
    assert.equal((await ns.get('pod', 'on-host')).status.podIP, nodeAddress);
    assert.match(await ns.exec('on-host', 'ip', 'addr'), new RegExp(nodeAddress));
  });

  test('a host port leads to its pod', async () => {
    const ns = await cluster.namespace('host-port');
    await ns.apply(pod('main', webServer({ ports: [{ name: 'http', containerPort: 8080, hostPort: 18080 }] })));
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal((await ask(`http://${nodeAddress}:18080/`)).text, 'main\n');
  });

  test('pods come back when they are deleted, and follow a template that changes', async () => {
    const ns = await cluster.namespace('replace');
    await ns.apply(deployment('web', {}, { replicas: 2 }));
    await ns.waitFor('condition=Available', 'deployment/web');
    const names = async () => (await ns.kubectl('get', 'pods', '-o', 'name')).trim().split('\n');
    const [victim, kept] = await names();
    await ns.kubectl('delete', victim!);
    await until(names, (now) => {
      assert.equal(now.length, 2);
      assert.ok(now.includes(kept!) && !now.includes(victim!));
    });
    await ns.kubectl('set', 'image', 'deployment/web', `main=${toolbox}`);
    await ns.kubectl('set', 'image', 'deployment/web', `main=${busybox}`);
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
  });

  test('activeDeadlineSeconds ends a pod that takes too long', async () => {
    const ns = await cluster.namespace('deadline');
    await ns.apply(pod('main', {}, { activeDeadlineSeconds: 1, restartPolicy: 'Never' }));
    const { status } = await ns.until(['pod', 'main'], ({ status }) => assert.equal(status.phase, 'Failed'));
    assert.equal(status.reason, 'DeadlineExceeded');
  });
});
