import { pods as podResource } from '#api';
import { systemClock } from '#base';
import { BenchCluster } from './bench-cluster.ts';
import type { Measurement } from './figure.ts';
import { sleepingPod } from './manifests.ts';
import { PodNews } from './pod-news.ts';

/** Before its program has started, the first process of a container does not hear SIGTERM. */
const pauseMs = 500;

/**
 * One pod after another on an idle cluster, each of them with the image present: from sending the create until the watch
 * shows it Running; then, when its program has had time to start, from sending the delete until the watch shows it gone.
 * One more before them warms up.
 */
export const pod: Measurement = {
  name: 'pod',
  async *run({ directory, runs = 20, signal }) {
    await using cluster = await BenchCluster.up(directory);
    await using news = await PodNews.follow(cluster.client, 'default');
    const pods = cluster.client.of(podResource).in('default');
    const [running, gone]: [number[], number[]] = [[], []];
    for (let run = 0; run <= runs; run++) {
      const name = `one-${run}`;
      const created = performance.now();
      await pods.create(sleepingPod(name));
      await news.reached('Running', [name], signal);
      const reached = performance.now();
      await systemClock.sleep(pauseMs, signal);
      const deleted = performance.now();
      await pods.delete(name);
      await news.empty(signal);
      if (run === 0) continue;
      running.push(reached - created);
      gone.push(performance.now() - deleted);
    }
    yield { name: 'create to Running, one after another', unit: 'ms', better: 'less', samples: running, target: 400 };
    yield { name: 'delete to gone, one after another', unit: 'ms', better: 'less', samples: gone };
  },
};
