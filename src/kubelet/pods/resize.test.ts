import assert from 'node:assert/strict';
import { pods, type Container, type Pod } from '#api';
import type { New } from '#client';
import { scenario, type Bench } from '../testing/bench.ts';

const cpu = (amount: string): New<Container['resources']> => ({ requests: { cpu: amount }, limits: { cpu: amount } });

const container = (more: New<Container> = {}): New<Container> => ({
  name: 'main',
  image: 'app:1',
  imagePullPolicy: 'IfNotPresent',
  resources: cpu('100m'),
  ...more,
});

/** Changes the resources of a pod's first container, as the API server does for `resize`. */
function resize(bench: Bench, resources: New<Container['resources']>, name = 'web'): void {
  bench.api.change(pods, `default/${name}`, ({ metadata, spec }) => {
    metadata.generation = (metadata.generation ?? 0) + 1;
    Object.assign(spec.containers[0]!, { resources });
  });
}

const condition = (pod: Pod | undefined, type: string) => pod?.status.conditions?.find((one) => one.type === type);
const started = (bench: Bench): number => bench.cri.calls.filter((call) => call === 'start main').length;

async function running(bench: Bench, more?: New<Container>): Promise<void> {
  bench.create({ containers: [container(more)] });
  await bench.until('ready', () => bench.condition('Ready') === 'True');
}

scenario('a running container gets other limits without being started anew', async (bench) => {
  await running(bench);
  assert.equal(bench.cri.find('main')?.resources?.cpuQuota, 10_000);
  resize(bench, cpu('250m'));
  await bench.until('resized', () => bench.main()?.resources?.limits?.['cpu'] === '250m');
  const { cpuQuota, cpuShares } = bench.cri.find('main')?.resources ?? {};
  assert.deepEqual([cpuQuota, cpuShares], [25_000, 256]);
  assert.deepEqual({ ...bench.main()?.allocatedResources }, { cpu: '250m' });
  assert.deepEqual([started(bench), bench.main()?.restartCount], [1, 0]);
  await bench.until('told', () => bench.pod()?.status.observedGeneration === 2);
  assert.equal(condition(bench.pod(), 'PodResizeInProgress'), undefined);
});

scenario('a container that wants to be started anew for a change is', async (bench) => {
  const policy = { resourceName: 'cpu', restartPolicy: 'RestartContainer' } as const;
  await running(bench, { resizePolicy: [policy] });
  resize(bench, cpu('250m'));
  await bench.until('restarted', () => bench.main()?.restartCount === 1 && bench.main()?.ready === true);
  assert.equal(bench.cri.find('main')?.resources?.cpuQuota, 25_000);
  assert.ok(bench.messages().includes('Killing: Container main resize requires restart'));
});

scenario(
  'until a container has its new limits, its status tells the old ones and that it is resized',
  async (bench) => {
    await running(bench);
    bench.cri.updateError = 'device busy';
    resize(bench, cpu('250m'));
    await bench.until('in progress', () => condition(bench.pod(), 'PodResizeInProgress')?.status === 'True');
    assert.deepEqual({ ...bench.main()?.resources?.limits }, { cpu: '100m' });
    assert.deepEqual({ ...bench.main()?.allocatedResources }, { cpu: '250m' });
    bench.cri.updateError = undefined;
    await bench.until('resized', () => bench.main()?.resources?.limits?.['cpu'] === '250m');
    await bench.until('over', () => condition(bench.pod(), 'PodResizeInProgress') === undefined);
  },
);

scenario('what the node has not is not given, and what others have is waited for', async (bench) => {
  await running(bench);
  bench.create({ containers: [container({ resources: cpu('1') })] }, 'other');
  await bench.until('other', () => bench.pod('other')?.status.phase === 'Running');

  resize(bench, cpu('1000'));
  await bench.until('infeasible', () => condition(bench.pod(), 'PodResizePending')?.reason === 'Infeasible');
  assert.match(
    condition(bench.pod(), 'PodResizePending')?.message ?? '',
    /^Node didn't have enough capacity: cpu, requested: 1000000, capacity: \d+$/,
  );
  assert.equal(bench.main()?.allocatedResources?.['cpu'], '100m');

  const capacity = Number(/capacity: (\d+)/.exec(condition(bench.pod(), 'PodResizePending')?.message ?? '')?.[1]);
  resize(bench, cpu(`${capacity}m`));
  await bench.until('deferred', () => condition(bench.pod(), 'PodResizePending')?.reason === 'Deferred');
  assert.equal(bench.main()?.resources?.limits?.['cpu'], '100m');
  bench.api.remove(pods, 'default/other');
  await bench.until('resized', () => bench.main()?.allocatedResources?.['cpu'] !== '100m');
  await bench.until('told', () => condition(bench.pod(), 'PodResizePending') === undefined);
});

scenario('a kubelet that starts anew keeps what it has promised', async (bench) => {
  await running(bench);
  resize(bench, cpu('1000'));
  await bench.until('infeasible', () => condition(bench.pod(), 'PodResizePending')?.reason === 'Infeasible');
  await bench.stop();
  bench.start();
  bench.cri.exit('main', 1);
  await bench.until('restarted', () => bench.main()?.restartCount === 1);
  assert.equal(bench.cri.find('main')?.resources?.cpuQuota, 10_000);
});
