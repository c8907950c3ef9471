import { namespaces } from '#api';
import { systemClock } from '#base';
import { BenchCluster } from './bench-cluster.ts';
import type { Figure, Measurement } from './figure.ts';
import { processesOf, type ProcessUse } from './processes.ts';

const settleSeconds = 60;
const windowSeconds = 10;

/** What the processes of a cluster had taken at a moment. */
interface Sample {
  atMs: number;
  revision: number;
  processes: ProcessUse[];
}

/**
 * A cluster of one node with nothing deployed, left alone for a minute; then looked at every ten seconds for another
 * minute. Its processes are all those that run with its `KEDGE_HOME`. Memory is what each has to itself plus its share of
 * what several map (PSS); processor time is that of user and system mode; bytes written are those that the
 * kernel sent to the disk for a process, logs included; API writes are the revisions that the store has come on.
 */
export const idle: Measurement = {
  name: 'idle',
  async *run({ directory, runs = 6, signal }) {
    await using cluster = await BenchCluster.up(directory);
    await systemClock.sleep(settleSeconds * 1000, signal);
    const samples = [await look(cluster)];
    for (let run = 0; run < runs; run++) {
      await systemClock.sleep(windowSeconds * 1000, signal);
      samples.push(await look(cluster));
    }
    yield* figures(samples);
  },
};

async function look(cluster: BenchCluster): Promise<Sample> {
  const { resourceVersion } = await cluster.client.of(namespaces).list({ limit: 1 });
  const processes = await processesOf(cluster.home.directory);
  return { atMs: performance.now(), revision: Number(resourceVersion), processes };
}

function* figures(samples: readonly Sample[]): Generator<Figure> {
  const sum = (of: (process: ProcessUse) => number) => (sample: Sample) =>
    sample.processes.reduce((total, process) => total + of(process), 0);
  const memory = (name: string, of: (process: ProcessUse) => number, target?: number): Figure => ({
    name,
    unit: 'MB',
    better: 'less',
    samples: samples.map((sample) => sum(of)(sample) / 1e6),
    ...(target !== undefined && { target }),
  });
  yield memory('memory of all processes (PSS)', (one) => one.pssBytes, 250);
  for (const part of ['server', 'agent']) yield memory(`  ${part}`, (one) => (one.part === part ? one.pssBytes : 0));
  yield memory('memory of all processes (RSS)', (one) => one.rssBytes);
  yield {
    name: 'processor, of one core',
    unit: '%',
    better: 'less',
    samples: rates(
      samples,
      sum((one) => one.cpuSeconds * 100),
    ),
    target: 2,
  };
  for (const part of ['server', 'agent']) {
    const share = sum((one) => (one.part === part ? one.cpuSeconds * 100 : 0));
    yield { name: `  ${part}`, unit: '%', better: 'less', samples: rates(samples, share) };
  }
  yield {
    name: 'written to disk, a second',
    unit: 'kB',
    better: 'less',
    samples: rates(
      samples,
      sum((one) => one.writtenBytes / 1000),
    ),
  };
  yield { name: 'API writes', unit: '/s', better: 'less', samples: rates(samples, (sample) => sample.revision) };
}

/** How fast a sum grew from each sample to the next, a second. */
function rates(samples: readonly Sample[], of: (sample: Sample) => number): number[] {
  return samples.slice(1).map((sample, at) => {
    const before = samples[at] ?? sample;
    return ((of(sample) - of(before)) * 1000) / (sample.atMs - before.atMs);
  });
}
