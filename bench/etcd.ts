import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { largerPuts, puts, reads, transactions, type PutTargets } from './etcd/calls.ts';
import { EmbeddedClient } from './etcd/embedded-client.ts';
import { EtcdProcess } from './etcd/etcd-process.ts';
import { GrpcClient, type ConnectionCounts } from './etcd/grpc-client.ts';
import { holdings } from './etcd/holdings.ts';
import { installedEtcd, kedgeEtcd, type Program } from './etcd/programs.ts';
import { Subject } from './etcd/subject.ts';
import { watches } from './etcd/watches.ts';
import type { Figure, MeasureOptions, Measurement } from './figure.ts';

/** Puts a second by calls in flight that are wanted of `kedge etcd`; of the engine in process three times as many. */
const putsWanted = { 1: 1_112, 64: 8_135, 256: 10_576 } as const;
const timesInProcess = 3;

/**
 * Stores, each doing the same work with data of its own on the same disk: Kedge's engine in this process, `kedge etcd` in
 * one of its own and asked over gRPC, and the same of etcd where it is installed. An endpoint that is named is measured
 * alone. Beside them what the disk gives at best: 4 kB written and flushed, one after another, which is the floor of a put.
 */
export const etcd: Measurement = {
  name: 'etcd',
  async *run(options) {
    if (options.endpoint !== undefined) return yield* ofEndpoint(options.endpoint, options);
    const home = await mkdtemp(join(options.directory, 'kedge-bench-'));
    try {
      yield await flushes(home);
      yield* inProcess(join(home, 'embedded'), options);
      yield* ofProgram({ program: await kedgeEtcd(options.profile), home: join(home, 'kedge'), isOurs: true }, options);
      const program = await installedEtcd(options.etcd);
      if (program) yield* ofProgram({ program, home: join(home, 'etcd'), isOurs: false }, options);
      else options.note(`${options.etcd ?? 'etcd (Debian: etcd-server)'} is not there: nothing to compare with`);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

async function flushes(home: string): Promise<Figure> {
  const file = await open(join(home, 'flush'), 'w');
  const samples: number[] = [];
  try {
    for (let n = 0; n < 200; n++) {
      const start = performance.now();
      await file.write(Buffer.alloc(4096, n), 0, 4096, 0);
      await file.datasync();
      samples.push(performance.now() - start);
    }
  } finally {
    await file.close();
  }
  return { name: 'disk: 4 kB written and flushed', unit: 'ms', better: 'less', samples };
}

async function* inProcess(directory: string, options: MeasureOptions): AsyncGenerator<Figure> {
  await using client = await EmbeddedClient.open(directory);
  const wanted = Object.entries(putsWanted).map(([inFlight, rate]) => [inFlight, rate * timesInProcess]);
  const subject = new Subject({ name: 'in process', client, options, pid: process.pid });
  yield* work(subject, Object.fromEntries(wanted));
  yield* largerPuts(subject);
}

/** Watches come over ten connections of their own, as those of so many clients. */
function connectionsOf({ connections }: MeasureOptions): ConnectionCounts {
  return { calls: connections, watches: 10 };
}

interface Started {
  program: Program;
  home: string;
  isOurs: boolean;
}

async function* ofProgram({ program, home, isOurs }: Started, options: MeasureOptions): AsyncGenerator<Figure> {
  {
    await using server = await EtcdProcess.start(program, join(home, 'work'), options.signal);
    await using client = await GrpcClient.open({ url: server.url }, connectionsOf(options));
    const subject = new Subject({ name: program.name, client, options, pid: server.pid });
    yield* work(subject, isOurs ? putsWanted : {});
  }
  yield* holdings({ program, home: join(home, 'holdings'), isOurs, options });
}

async function* ofEndpoint(
  access: NonNullable<MeasureOptions['endpoint']>,
  options: MeasureOptions,
): AsyncGenerator<Figure> {
  await using client = await GrpcClient.open(access, connectionsOf(options));
  const name = `${new URL(access.url).host} (${await client.version()})`;
  const subject = new Subject({ name, client, options, pid: options.pid });
  try {
    yield* work(subject, {});
  } finally {
    options.note(`deleting all under ${subject.prefix}`);
    await client.delete(subject.prefix);
  }
}

async function* work(subject: Subject, putsWanted: PutTargets): AsyncGenerator<Figure> {
  yield* puts(subject, putsWanted);
  yield* reads(subject);
  yield* transactions(subject);
  yield* watches(subject);
}
