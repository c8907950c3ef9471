import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchCluster } from './bench-cluster.ts';
import type { Figure, Measurement, MeasureOptions } from './figure.ts';
import { Home, root } from './home.ts';
import { dropCaches } from './machine.ts';
import { askingPod } from './manifests.ts';
import { PodNews } from './pod-news.ts';

interface Run {
  upMs: number;
  appliedMs: number;
  answeredMs: number;
  downMs: number;
  steps: { title: string; seconds: number }[];
}

type Deployed = Pick<Run, 'appliedMs' | 'answeredMs'>;

/**
 * From the machine with Kedge's dependencies installed and nothing of the disk in memory (where the kernel lets us drop it)
 * to a cluster that works, in a home that did not exist: `kedge up` until it returns, then `kubectl apply` of
 * examples/hello and of a pod that asks `http://hello/` every 20 ms, until that pod has succeeded: its name was
 * found by the cluster's DNS, and a pod behind the Service answered. Then `kedge down`. The steps are those that
 * `kedge up` prints; they overlap.
 */
export const up: Measurement = {
  name: 'up',
  async *run(options) {
    const runs: Run[] = [];
    while (runs.length < (options.runs ?? 5)) {
      options.signal.throwIfAborted();
      runs.push(await once(options));
    }
    yield* figures(runs);
  },
};

async function once({ directory, signal, note }: MeasureOptions): Promise<Run> {
  const home = await Home.make(directory);
  if (!(await dropCaches())) note('the page cache could not be dropped: files are in memory');
  const start = performance.now();
  const cluster = await BenchCluster.upIn(home);
  try {
    const upMs = performance.now() - start;
    const { appliedMs, answeredMs } = await deploy(cluster, signal, start);
    return {
      upMs,
      appliedMs: appliedMs - upMs,
      answeredMs,
      downMs: await down(cluster),
      steps: stepsOf(cluster.printed),
    };
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

async function deploy(cluster: BenchCluster, signal: AbortSignal, start: number): Promise<Deployed> {
  const ask = cluster.path('ask.json');
  await writeFile(ask, JSON.stringify(askingPod('ask', 'http://hello/')));
  await using news = await PodNews.follow(cluster.client, 'default');
  await cluster.kubectl('apply', '-f', join(root, 'examples/hello/hello.yaml'), '-f', ask);
  const appliedMs = performance.now() - start;
  await news.reached('Succeeded', ['ask'], signal);
  return { appliedMs, answeredMs: performance.now() - start };
}

async function down(cluster: BenchCluster): Promise<number> {
  const start = performance.now();
  await cluster.home.kedge('down', '--all');
  return performance.now() - start;
}

/** `✓   0.86 s  images kedge.local/node`: what differs from run to run is left out of the title. */
function stepsOf(printed: string): Run['steps'] {
  return [...printed.matchAll(/^✓ +([\d.]+) s {2}(.*)$/gm)].map(([, seconds, title = '']) => ({
    title: title.replace(/ at https:.*| kedge-[0-9a-f]{8}| kedge\.local.*/, ''),
    seconds: Number(seconds),
  }));
}

function* figures(runs: readonly Run[]): Generator<Figure> {
  const seconds = (ms: (run: Run) => number): number[] => runs.map((run) => ms(run) / 1000);
  const common = { unit: 's', better: 'less' } as const;
  yield { ...common, name: 'kedge up: all ready', samples: seconds((run) => run.upMs) };
  for (const { title } of runs[0]?.steps ?? []) {
    const samples = runs.flatMap(({ steps }) =>
      steps.filter((step) => step.title === title).map((step) => step.seconds),
    );
    yield { ...common, name: `  step: ${title}`, samples };
  }
  yield { ...common, name: 'kubectl apply of the example', samples: seconds((run) => run.appliedMs) };
  yield {
    ...common,
    name: 'from there to the answer',
    samples: seconds((run) => run.answeredMs - run.appliedMs - run.upMs),
  };
  yield {
    ...common,
    name: 'kedge up + example answers by its DNS name',
    samples: seconds((run) => run.answeredMs),
    target: 3,
  };
  yield { ...common, name: 'kedge down', samples: seconds((run) => run.downMs) };
}
