import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configMaps, leases, nodes, pods, services } from '#api';
import { Client } from '#client';
import { scenario } from './testing/bench.ts';
import type { Mounter } from './volumes/mounter.ts';

scenario('the node registers, becomes ready and renews its lease', async (bench) => {
  const ready = (): boolean =>
    bench.api
      .object(nodes, 'node-1')
      ?.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
  await bench.until('ready', ready);
  const node = bench.api.object(nodes, 'node-1');
  assert.equal(node?.metadata.labels?.['kubernetes.io/hostname'], 'node-1');
  assert.deepEqual(node?.status?.addresses, [
    { type: 'InternalIP', address: '172.18.0.2' },
    { type: 'Hostname', address: 'node-1' },
  ]);
  const lease = (): string =>
    (bench.api.object(leases, 'kube-node-lease/node-1') as { spec: { renewTime: string } } | undefined)?.spec
      .renewTime ?? '';
  await bench.until('lease', () => lease() !== '');
  const first = lease();
  const writes = (): number =>
    bench.api.calls.filter(({ resource, verb }) => resource.plural === 'nodes' && verb === 'patch').length;
  const before = writes();
  await bench.until('renewal', () => lease() !== first);
  await bench.clock.advance(60_000);
  assert.equal(writes(), before, 'a node that does not change is not written');
});

scenario('a pod runs, is told of, and is removed after its last status', async (bench) => {
  bench.create({});
  await bench.until('running and ready', () => bench.condition('Ready') === 'True');
  const pod = bench.pod()!;
  assert.equal(pod.status.phase, 'Running');
  assert.equal(pod.status.hostIP, '172.18.0.2');
  assert.match(pod.status.podIP ?? '', /^10\.1\.0\./);
  assert.equal(pod.status.qosClass, 'BestEffort');
  assert.equal(pod.status.observedGeneration, 1);
  assert.ok(bench.main()?.state?.running);
  assert.equal(bench.main()?.image, 'app:1');
  assert.match(bench.main()?.containerID ?? '', /^fake:\/\/container-/);
  await bench.until('events', () => bench.messages().length >= 4);
  assert.deepEqual(
    bench
      .messages()
      .map((one) => one.replace(/in \S+ \(\S+ inc/, 'in T (T inc'))
      .sort(),
    [
      'Created: Container created',
      'Pulled: Successfully pulled image "app:1" in T (T including waiting). Image size: 1234 bytes.',
      'Pulling: Pulling image "app:1"',
      'Started: Container started',
    ],
  );
  await new Client({ transport: bench.api }).of(pods).in('default').delete('web');
  await bench.until('gone', () => bench.pod() === undefined);
  assert.ok(bench.cri.calls.includes('stop main 30'));
  await bench.until('cleaned', () => bench.cri.sandboxes.size === 0);
  assert.ok(bench.messages().includes('Killing: Stopping container main'));
});

scenario('a crashing container backs off in growing steps', async (bench) => {
  bench.cri.behaviour = () => 1;
  bench.create({});
  await bench.until('crash loop', () => bench.main()?.state?.waiting?.reason === 'CrashLoopBackOff');
  const status = bench.main()!;
  assert.equal(status.lastState?.terminated?.exitCode, 1);
  assert.match(
    status.state?.waiting?.message ?? '',
    /^back-off 10s restarting failed container=main pod=web_default\(uid-web\)$/,
  );
  assert.equal(bench.pod()?.status.phase, 'Running');
  await bench.until('third start', () => (bench.main()?.restartCount ?? 0) >= 2);
  await bench.until('longer', () => (bench.main()?.state?.waiting?.message ?? '').startsWith('back-off 20s'));
  assert.ok(bench.cri.containers.size <= 2, 'dead containers are removed but for the last');
});

scenario('the end of a container is not overlooked when a glance overtakes the step', async (bench) => {
  const start = Promise.withResolvers<void>();
  const lists: (() => void)[] = [];
  let holdsLists = false;
  bench.cri.beforeAnswer = (call) => {
    if (call === 'start') return start.promise;
    return call === 'list' && holdsLists ? new Promise((resolve) => lists.push(resolve)) : Promise.resolve();
  };
  bench.create({});
  await bench.until('seen running by a glance', () => bench.main()?.state?.running !== undefined);
  bench.cri.exit('main', 1);
  holdsLists = true;
  start.resolve();
  await bench.until('the next step and a glance both look', () => lists.length === 2);
  holdsLists = false;
  for (const answer of lists) {
    answer();
    await bench.clock.advance(10);
  }
  const answeredMs = bench.clock.now();
  await bench.until('started again', () => (bench.main()?.restartCount ?? 0) >= 1);
  assert.ok(bench.clock.now() - answeredMs < 5000, 'it was found by the next relist only');
});

const firstAndSecond = ['first', 'second'].map((name) => ({ name, image: 'app:1' }));

scenario('a step that a glance overtakes does not do again what the step before it did', async (bench) => {
  const lists: (() => void)[] = [];
  let holdsLists = false;
  bench.cri.behaviour = ({ metadata }) => (metadata?.name === 'second' ? 1 : 0);
  bench.cri.beforeAnswer = (call) => {
    if (call === 'start') holdsLists = lists.length === 0;
    if (call === 'list' && holdsLists) return new Promise((resolve) => lists.push(resolve));
    return Promise.resolve();
  };
  bench.create({
    restartPolicy: 'Never',
    initContainers: firstAndSecond,
  });
  await bench.until('the step behind the first start and a glance both look', () => lists.length === 2);
  holdsLists = false;
  for (const answer of lists) {
    answer();
    await bench.clock.advance(10);
  }
  await bench.until('failed', () => bench.pod()?.status.phase === 'Failed');
  assert.deepEqual(
    bench.cri.calls.filter((call) => /^(run|start) /.test(call)),
    ['run web', 'start first', 'start second'],
  );
});

scenario('the end of a container that nobody told of is found all the same', async (bench) => {
  bench.create({ restartPolicy: 'Never' });
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  await bench.clock.advance(20_000); // what a new kubelet asks for in any case is over
  bench.cri.tells = false;
  bench.cri.exit('main', 1);
  const endedMs = bench.clock.now();
  await bench.until('failed', () => bench.pod()?.status.phase === 'Failed');
  assert.ok(bench.clock.now() - endedMs < 12_000);
});

scenario('a pod of which there is no news is looked at every minute or so', async (bench) => {
  bench.api.seed(configMaps, { metadata: { name: 'words', namespace: 'default' }, data: { hello: 'ahoy' } });
  bench.create({
    volumes: [{ name: 'words', configMap: { name: 'words' } }] as never,
    containers: [{ name: 'main', image: 'app:1', volumeMounts: [{ name: 'words', mountPath: '/words' }] }] as never,
  });
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  await bench.clock.advance(20_000);
  const mount = bench.cri.find('main')?.config.mounts.find(({ containerPath }) => containerPath === '/words');
  const file = join(mount?.hostPath ?? '', 'hello');
  await rm(file);
  const lostMs = bench.clock.now();
  await bench.until('put back', () => existsSync(file));
  assert.ok(bench.clock.now() - lostMs < 95_000);
});

scenario('what has failed for long is tried no less than every quarter of a minute', async (bench) => {
  const path = join(bench.directory, 'late');
  bench.create({ volumes: [{ name: 'late', hostPath: { path, type: 'File' } }] as never });
  const createdMs = bench.clock.now();
  await bench.until('tried for long', () => bench.clock.now() - createdMs > 100_000);
  await writeFile(path, '');
  const thereMs = bench.clock.now();
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  assert.ok(bench.clock.now() - thereMs < 17_000);
});

scenario('an image that cannot be pulled is tried again later', async (bench) => {
  bench.cri.pullError = 'no such host';
  bench.create({});
  await bench.until('ErrImagePull', () => bench.main()?.state?.waiting?.reason === 'ErrImagePull');
  assert.equal(bench.main()?.state?.waiting?.message, 'no such host');
  await bench.until('backing off', () => bench.main()?.state?.waiting?.reason === 'ImagePullBackOff');
  assert.equal(bench.main()?.state?.waiting?.message, 'Back-off pulling image "app:1": ErrImagePull: no such host');
  bench.cri.pullError = undefined;
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  assert.ok(bench.messages().includes('Failed: Error: ErrImagePull'));
  assert.ok(bench.messages().includes('Failed: Failed to pull image "app:1": no such host'));
});

scenario('init containers run in order, then a job ends in success', async (bench) => {
  bench.cri.behaviour = () => 0;
  bench.create({
    restartPolicy: 'Never',
    initContainers: firstAndSecond,
  });
  await bench.until('succeeded', () => bench.pod()?.status.phase === 'Succeeded');
  const starts = bench.cri.calls.filter((call) => call.startsWith('start '));
  assert.deepEqual(starts, ['start first', 'start second', 'start main']);
  await bench.until('sandbox stopped', () => bench.cri.calls.includes('stop-sandbox web'));
  assert.equal(bench.condition('Initialized'), 'True');
  assert.equal(bench.main()?.state?.terminated?.reason, 'Completed');
});

scenario('a sidecar starts first, stays, and is stopped last', async (bench) => {
  bench.create({ initContainers: [{ name: 'proxy', image: 'app:1', restartPolicy: 'Always' }] as never });
  await bench.until('ready', () => bench.condition('Ready') === 'True');
  await new Client({ transport: bench.api }).of(pods).in('default').delete('web');
  await bench.until('gone', () => bench.pod() === undefined);
  const order = bench.cri.calls.filter((call) => /^(start|stop) /.test(call)).map((call) => call.replace(/ \d+$/, ''));
  assert.deepEqual(order, ['start proxy', 'start main', 'stop main', 'stop proxy']);
});

scenario('a missing ConfigMap holds a container back until it appears', async (bench) => {
  bench.create({
    containers: [
      {
        name: 'main',
        image: 'app:1',
        env: [{ name: 'GREETING', valueFrom: { configMapKeyRef: { name: 'words', key: 'hello' } } }],
      },
    ] as never,
  });
  await bench.until('config error', () => bench.main()?.state?.waiting?.reason === 'CreateContainerConfigError');
  assert.equal(bench.main()?.state?.waiting?.message, 'configmap "words" not found');
  bench.api.seed(configMaps, { metadata: { name: 'words', namespace: 'default' }, data: { hello: 'ahoy' } });
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  const env = bench.cri.find('main')?.config.envs.map(({ key, value }) => `${key}=${Buffer.from(value).toString()}`);
  assert.ok(env?.includes('GREETING=ahoy'));
});

scenario('volumes show API data and follow it', async (bench) => {
  bench.api.seed(configMaps, { metadata: { name: 'words', namespace: 'default' }, data: { hello: 'ahoy' } });
  bench.api.seed(services, {
    metadata: { name: 'db', namespace: 'default' },
    spec: { clusterIP: '10.96.0.7', ports: [{ port: 5432 }] },
  });
  bench.create({
    volumes: [
      { name: 'scratch', emptyDir: {} },
      { name: 'words', configMap: { name: 'words' } },
      { name: 'self', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    ] as never,
    containers: [
      {
        name: 'main',
        image: 'app:1',
        volumeMounts: [
          { name: 'scratch', mountPath: '/scratch' },
          { name: 'words', mountPath: '/words' },
          { name: 'self', mountPath: '/self' },
        ],
      },
    ] as never,
  });
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  const { mounts = [], envs = [] } = bench.cri.find('main')?.config ?? {};
  const hostPath = (path: string): string => mounts.find(({ containerPath }) => containerPath === path)?.hostPath ?? '';
  assert.equal(await readFile(join(hostPath('/words'), 'hello'), 'utf8'), 'ahoy');
  assert.equal(await readFile(join(hostPath('/self'), 'name'), 'utf8'), 'web');
  assert.match(await readFile(hostPath('/etc/hosts'), 'utf8'), /^10\.1\.0\.\d+\tweb$/m);
  assert.ok(envs.some(({ key, value }) => key === 'DB_SERVICE_HOST' && Buffer.from(value).toString() === '10.96.0.7'));
  bench.api.change<{ data?: Record<string, string> }>(
    configMaps,
    'default/words',
    (draft) => (draft.data = { hello: 'farewell' }),
  );
  let seen = '';
  await bench.until('update', () => {
    void readFile(join(hostPath('/words'), 'hello'), 'utf8').then((text) => (seen = text));
    return seen === 'farewell';
  });
});

scenario('probes decide who is ready and who is restarted', async (bench) => {
  let healthy = true;
  let ready = false;
  bench.cri.execSync = async ({ cmd }) => {
    const good = cmd[0] === 'live' ? healthy : ready;
    return { stdout: Buffer.from(good ? '' : 'not well'), stderr: new Uint8Array(), exitCode: good ? 0 : 1 };
  };
  bench.create({
    containers: [
      {
        name: 'main',
        image: 'app:1',
        livenessProbe: { exec: { command: ['live'] }, periodSeconds: 5, failureThreshold: 2 },
        readinessProbe: { exec: { command: ['ready'] }, periodSeconds: 5 },
      },
    ] as never,
  });
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  assert.equal(bench.main()?.ready, false);
  assert.equal(bench.main()?.started, true);
  ready = true;
  await bench.until('ready', () => bench.main()?.ready === true);
  healthy = false;
  await bench.until('restart', () => (bench.main()?.restartCount ?? 0) === 1);
  healthy = true;
  await bench.until('events', () => bench.messages().some((one) => one.startsWith('Killing')));
  assert.ok(bench.messages().includes('Unhealthy: Liveness probe failed: not well'));
  assert.ok(bench.messages().includes('Killing: Container main failed liveness probe, will be restarted'));
});

scenario('a kubelet that starts again adopts what runs', async (bench) => {
  bench.create({});
  await bench.until('ready', () => bench.condition('Ready') === 'True');
  const before = [...bench.cri.calls];
  await bench.stop();
  bench.start();
  bench.create({}, 'other');
  await bench.until('other runs', () => bench.main('other')?.state?.running !== undefined);
  assert.equal(bench.main()?.restartCount, 0);
  assert.deepEqual(
    bench.cri.calls.slice(before.length).filter((call) => !call.includes('pull')),
    ['run other', 'create main', 'start main'],
  );
  assert.equal(bench.condition('Ready'), 'True');
});

scenario('a pod that does not fit is refused', async (bench) => {
  bench.create({
    containers: [{ name: 'main', image: 'app:1', resources: { requests: { cpu: '9999' } } }] as never,
  });
  await bench.until('failed', () => bench.pod()?.status.phase === 'Failed');
  assert.equal(bench.pod()?.status.reason, 'OutOfcpu');
  assert.match(
    bench.pod()?.status.message ?? '',
    /^Pod was rejected: Node didn't have enough resource: cpu, requested: 9999000, used: 0/,
  );
  assert.deepEqual(bench.cri.calls, []);
});

scenario('a pod of another operating system is refused', async (bench) => {
  bench.create({ os: { name: 'windows' } });
  await bench.until('failed', () => bench.pod()?.status.phase === 'Failed');
  assert.equal(bench.pod()?.status.reason, 'PodOSNotSupported');
  assert.equal(
    bench.pod()?.status.message,
    "Pod was rejected: Failed to admit pod as the OS field doesn't match node OS",
  );
  assert.deepEqual(bench.cri.calls, []);
});

scenario('a pod over its deadline fails', async (bench) => {
  bench.create({ activeDeadlineSeconds: 60 });
  await bench.until('running', () => bench.pod()?.status.phase === 'Running');
  await bench.until('failed', () => bench.pod()?.status.phase === 'Failed');
  assert.equal(bench.pod()?.status.reason, 'DeadlineExceeded');
  await bench.until('stopped', () => bench.cri.calls.some((call) => call.startsWith('stop main')));
});

scenario('a pod that could not be ended is ended at the next try', async (bench) => {
  let failedMs: number | undefined;
  bench.cri.beforeAnswer = async (call) => {
    if (call !== 'stop' || failedMs !== undefined) return;
    failedMs = bench.clock.now();
    throw new Error('the runtime has no time');
  };
  bench.create({ activeDeadlineSeconds: 60 });
  await bench.until('stopped', () => bench.cri.calls.includes('stop-sandbox web'));
  assert.ok(bench.clock.now() - (failedMs ?? 0) < 5000, 'only by chance did anything look at it again');
  assert.ok(bench.messages().includes('FailedKillPod: error killing pod: the runtime has no time'));
});

const busyMounts = new Set<string>();
let unmountFailures = 0;
const busyMounter: Mounter = {
  tmpfs: async (path) => void busyMounts.add(path),
  isMountPoint: async (path) => busyMounts.has(path),
  unmount: async (path) => {
    if (unmountFailures++ === 0) throw new Error('target is busy');
    busyMounts.delete(path);
  },
};

scenario(
  'what an ended pod could not give back at first is given back before the pod is gone',
  async (bench) => {
    bench.create({ restartPolicy: 'Never', volumes: [{ name: 'scratch', emptyDir: { medium: 'Memory' } }] as never });
    await bench.until('running', () => bench.main()?.state?.running !== undefined);
    assert.equal(busyMounts.size, 1);
    bench.cri.exit('main', 0);
    await bench.until('unmounted', () => busyMounts.size === 0);
    assert.equal(unmountFailures, 2);
    assert.equal(bench.pod()?.status.phase, 'Succeeded');
  },
  { mounter: busyMounter },
);

scenario('a preStop hook uses up grace, and a shorter grace cuts it off', async (bench) => {
  const lifecycle = { preStop: { sleep: { seconds: 20 } } };
  const containers = [{ name: 'main', image: 'app:1', lifecycle }] as never;
  bench.create({ containers });
  bench.create({ containers }, 'hasty');
  await bench.until('running', () => [bench.main(), bench.main('hasty')].every((one) => one?.state?.running));
  const calls = new Client({ transport: bench.api }).of(pods).in('default');
  await calls.delete('web');
  await bench.until('gone', () => bench.pod() === undefined);
  assert.ok(bench.cri.calls.includes('stop main 10'), bench.cri.calls.join());
  await calls.delete('hasty');
  await bench.clock.advance(1000);
  const before = bench.clock.now();
  await calls.delete('hasty', { gracePeriodSeconds: 1 });
  await bench.until('gone', () => bench.pod('hasty') === undefined);
  assert.ok(bench.clock.now() - before < 10_000, 'the hook was not waited for');
});

scenario('the last words of a container are in its status', async (bench) => {
  bench.create({ restartPolicy: 'Never' });
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  const mount = bench.cri
    .find('main')
    ?.config.mounts.find(({ containerPath }) => containerPath === '/dev/termination-log');
  await writeFile(mount?.hostPath ?? '', 'out of cheese');
  bench.cri.exit('main', 3);
  await bench.until('failed', () => bench.pod()?.status.phase === 'Failed');
  assert.equal(bench.main()?.state?.terminated?.message, 'out of cheese');
  assert.equal(bench.main()?.state?.terminated?.exitCode, 3);
});

scenario('a pod that is taken from the API by force is ended all the same', async (bench) => {
  bench.create({});
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  bench.api.remove(pods, 'default/web');
  await bench.until('cleaned', () => bench.cri.sandboxes.size === 0);
  assert.ok(bench.cri.calls.includes('stop main 30'));
});

scenario('a sandbox that dies is replaced, and the containers with it', async (bench) => {
  bench.create({});
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  const [first] = bench.cri.sandboxes.values();
  await bench.cri.runtime.stopPodSandbox({ podSandboxId: first!.id });
  await bench.until('again', () => bench.main()?.restartCount === 1 && bench.main()?.state?.running !== undefined);
  await bench.until('told', () =>
    bench.messages().includes('SandboxChanged: Pod sandbox changed, it will be killed and re-created.'),
  );
  assert.equal(bench.cri.calls.filter((call) => call === 'run web').length, 2);
});

scenario('a pod that never restarts is left alone when its sandbox dies before all has started', async (bench) => {
  bench.create({
    restartPolicy: 'Never',
    containers: [
      { name: 'main', image: 'app:1' },
      { name: 'late', image: 'app:2', imagePullPolicy: 'Never' },
    ] as never,
  });
  await bench.until('waiting', () => bench.main()?.state?.running !== undefined);
  const [first] = bench.cri.sandboxes.values();
  await bench.cri.runtime.stopPodSandbox({ podSandboxId: first!.id });
  await bench.until('told', () => bench.main()?.state?.terminated !== undefined);
  const reads = bench.cri.calls.length;
  await bench.clock.advance(5000);
  assert.equal(bench.cri.calls.length, reads, 'nothing is tried over and over');
});
