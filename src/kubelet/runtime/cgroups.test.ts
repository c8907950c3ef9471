import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Pod } from '#api';
import { systemClock } from '#base';
import { podCgroupPath } from './cgroup-path.ts';
import { CgroupFs } from './cgroups.ts';
import { aggregate, containerResources, cpuQuota, cpuShares, podResources } from './linux-resources.ts';
import { computeQos, oomScoreAdj } from './qos.ts';

type Lists = { requests?: Record<string, string>; limits?: Record<string, string> };

function podOf(uid: string, ...resources: Lists[]): Pod {
  const containers = resources.map((one, index) => ({ name: `c${index}`, resources: one }));
  return { metadata: { uid }, spec: { containers }, status: {} };
}

const full = { requests: { cpu: '500m', memory: '64Mi' }, limits: { cpu: '500m', memory: '64Mi' } };

test('the class of a pod follows from its requests and limits', () => {
  assert.equal(computeQos(podOf('u', {}, {})), 'BestEffort');
  assert.equal(computeQos(podOf('u', full, full)), 'Guaranteed');
  assert.equal(computeQos(podOf('u', { limits: full.limits })), 'Guaranteed');
  assert.equal(computeQos(podOf('u', full, {})), 'Burstable');
  assert.equal(computeQos(podOf('u', { requests: { cpu: '1' } })), 'Burstable');
});

test('limits become shares, quota and a score for the OOM killer', () => {
  assert.deepEqual([cpuShares(0), cpuShares(100), cpuShares(2000)], [2, 102, 2048]);
  assert.deepEqual([cpuQuota(0), cpuQuota(1), cpuQuota(1500)], [0, 1000, 150_000]);
  const pod = podOf('u', full, {});
  const container = pod.spec.containers[0]!;
  const made = containerResources(pod, container, { memoryCapacity: 1024 ** 3, cgroupVersion: 1 });
  assert.equal(made.cpuShares, 512);
  assert.equal(made.cpuQuota, 50_000);
  assert.equal(made.memoryLimitInBytes, 64 * 1024 ** 2);
  assert.equal(made.oomScoreAdj, 1000 - 62);
  assert.deepEqual(made.unified, {});
  const onV2 = containerResources(pod, container, { memoryCapacity: 1024 ** 3, cgroupVersion: 2 });
  assert.deepEqual(onV2.unified, { 'memory.oom.group': '1' });
  assert.equal(oomScoreAdj(podOf('u', {}), container, 1), 1000);
  assert.equal(oomScoreAdj(podOf('u', full), container, 1), -997);
  assert.deepEqual(podResources(pod), { milliCpu: 500, memory: 64 * 1024 ** 2, milliCpuLimit: 0, memoryLimit: 0 });
});

test('a pod needs its peak: init containers count one by one, sidecars stay', () => {
  const container = (name: string, extra: object = {}): object => ({ name, ...extra });
  const sizes: Record<string, number> = { side: 1, init: 10, main: 5 };
  const spec = {
    initContainers: [container('side', { restartPolicy: 'Always' }), container('init')],
    containers: [container('main')],
  };
  const pod = { metadata: {}, spec, status: {} } as unknown as Pod;
  assert.equal(
    aggregate(pod, ({ name }) => sizes[name] ?? 0),
    11,
  );
  assert.equal(
    aggregate(pod, ({ name }) => (name === 'init' ? 2 : (sizes[name] ?? 0))),
    6,
  );
});

test('a pod gets a cgroup with its limits and leaves nothing', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('cgroups need root');
  const root = `/kedge-kubelet-test-${process.pid}`;
  const cgroups = new CgroupFs({ root, clock: systemClock });
  const pod = podOf('u-1', { requests: { cpu: '250m' }, limits: { cpu: '500m', memory: '32Mi' } });
  const v2 = await access('/sys/fs/cgroup/cgroup.controllers').then(
    () => true,
    () => false,
  );
  const path = await cgroups.create(pod).catch((error: unknown) => {
    if (error instanceof Error && /EROFS|EACCES|EPERM/.test(error.message)) return undefined;
    throw error;
  });
  if (path === undefined) return t.skip('the cgroup file system is not writable here');
  assert.equal(path, `${root}/kubepods/burstable/podu-1`);
  assert.equal(podCgroupPath('/', podOf('x', full)), '/kubepods/podx');
  const read = async (controller: string, file: string): Promise<string> =>
    (await readFile(join('/sys/fs/cgroup', v2 ? '' : controller, path, file), 'utf8')).trim();
  if (v2) assert.equal(await read('', 'cpu.max'), '50000 100000');
  else {
    assert.equal(await read('cpu', 'cpu.shares'), '256');
    assert.equal(await read('cpu', 'cpu.cfs_quota_us'), '50000');
    assert.equal(await read('memory', 'memory.limit_in_bytes'), String(32 * 1024 ** 2));
  }
  await cgroups.remove(pod);
  await assert.rejects(read('cpu', v2 ? 'cpu.max' : 'cpu.shares'), { code: 'ENOENT' });
  for (const controller of v2 ? [''] : ['cpu', 'memory', 'pids']) {
    for (const tail of ['/kubepods/burstable', '/kubepods', ''])
      await rmdir(join('/sys/fs/cgroup', controller, root + tail));
  }
});

/** A cgroup v2 tree of plain files, with the folders that the kernel would fill. */
async function fakeTree(controllers: string, ...cgroups: string[]): Promise<string> {
  const mount = await mkdtemp(join(tmpdir(), 'kedge-cgroup2-'));
  for (const cgroup of ['', ...cgroups]) {
    await mkdir(join(mount, cgroup), { recursive: true });
    await writeFile(join(mount, cgroup, 'cgroup.controllers'), `${controllers}\n`);
  }
  return mount;
}

test('with cgroup v2 every cgroup above a pod hands down the controllers that the kernel has', async () => {
  const above = ['kedge', 'kedge/kubepods', 'kedge/kubepods/burstable'];
  const mount = await fakeTree('cpuset cpu io memory pids', ...above);
  try {
    const cgroups = new CgroupFs({ root: '/kedge', clock: systemClock, mount });
    assert.equal(await cgroups.version(), 2);
    const limits = { cpu: '500m', memory: '32Mi' };
    const path = await cgroups.create(podOf('u-1', { requests: { cpu: '250m' }, limits }));
    for (const cgroup of ['', ...above])
      assert.equal(await readFile(join(mount, cgroup, 'cgroup.subtree_control'), 'utf8'), '+cpu +cpuset +memory +pids');
    const read = (file: string): Promise<string> => readFile(join(mount, path, file), 'utf8');
    assert.deepEqual(await Promise.all(['cpu.weight', 'cpu.max', 'memory.max'].map(read)), [
      '10',
      '50000 100000',
      String(32 * 1024 ** 2),
    ]);
    await assert.rejects(read('cgroup.subtree_control'), { code: 'ENOENT' }); // a pod's children are the runtime's
  } finally {
    await rm(mount, { recursive: true });
  }
});

test('a cgroup that cannot hand its controllers down is named', async () => {
  const mount = await fakeTree('cpu memory pids', 'kedge', 'kedge/kubepods');
  try {
    await mkdir(join(mount, 'kedge/cgroup.subtree_control')); // cannot be written
    const cgroups = new CgroupFs({ root: '/kedge', clock: systemClock, mount });
    await assert.rejects(
      cgroups.create(podOf('u-1', full)),
      /the controllers of cgroup \S+\/kedge cannot be handed down/,
    );
  } finally {
    await rm(mount, { recursive: true });
  }
});
