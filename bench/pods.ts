import { pods as podResource } from '#api';
import { systemClock } from '#base';
import { BenchCluster } from './bench-cluster.ts';
import type { Measurement } from './figure.ts';
import { sleepingPod } from './manifests.ts';
import { PodNews } from './pod-news.ts';

const count = 100;

/** Time for the programs to start: until then the first process of a container does not hear SIGTERM. */
const pauseMs = 5000;

/**
 * 100 pods at once on one node, the image present: from sending the first create until the watch shows the last one
 * Running; then, after a pause, all are deleted at once, until the watch shows the last one gone. Each container starts a Node.js, and
 * so takes its own share of the processor from the cluster: about 50 ms of it.
 */
export const pods: Measurement = {
  name: 'pods',
  async *run({ directory, runs = 3, signal, note }) {
    await using cluster = await BenchCluster.up(directory);
    await using news = await PodNews.follow(cluster.client, 'default');
    const pods = cluster.client.of(podResource).in('default');
    const [running, gone]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      const names = Array.from({ length: count }, (_, n) => `many-${run}-${n}`);
      const created = performance.now();
      await Promise.all(names.map((name) => pods.create(sleepingPod(name))));
      await news.reached('Running', names, signal);
      const reached = performance.now();
      await systemClock.sleep(pauseMs, signal);
      const deleted = performance.now();
      await pods.deleteCollection();
      await news.empty(signal);
      running.push((reached - created) / 1000);
      gone.push((performance.now() - deleted) / 1000);
      note(`${count} pods Running in ${running.at(-1)?.toFixed(1)} s, gone in ${gone.at(-1)?.toFixed(1)} s`);
    }
    yield { name: '100 pods on one node: last one Running', unit: 's', better: 'less', samples: running, target: 20 };
    yield { name: '100 pods on one node: last one gone', unit: 's', better: 'less', samples: gone };
  },
};
