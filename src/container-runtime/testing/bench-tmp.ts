import { TestNode } from './node.ts';
{
  await using node = await TestNode.start();
  await node.busybox();
  for (let i = 0; i < 8; i++) {
    const t0 = performance.now();
    const pod = await node.pod(`p${i}`);
    const t1 = performance.now();
    const id = await node.create(pod, 'sleep 1000');
    const t2 = performance.now();
    await node.runtime.startContainer({ containerId: id });
    const t3 = performance.now();
    console.log('sandbox', (t1 - t0).toFixed(0), 'create', (t2 - t1).toFixed(0), 'start', (t3 - t2).toFixed(0));
  }
  const t = performance.now();
  const n = 20;
  await Promise.all(
    Array.from({ length: n }, async (_, i) => {
      const pod = await node.pod(`q${i}`);
      await node.run(pod, 'sleep 1000');
    }),
  );
  console.log(`${n} parallel`, (performance.now() - t).toFixed(0));
  const t5 = performance.now();
  const pods = await node.runtime.listPodSandbox({});
  await Promise.all(pods.items.map(({ id }) => node.runtime.removePodSandbox({ podSandboxId: id })));
  console.log('remove all', (performance.now() - t5).toFixed(0));
}
