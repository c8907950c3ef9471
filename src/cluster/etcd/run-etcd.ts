import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createLogger, messageOf, runAll, type Component, type Logger } from '#base';
import {
  AutoCompactor,
  openEtcdServer,
  openEmbeddedStore,
  saveSnapshotOf,
  SnapshotSchedule,
  type CompactionPolicy,
  type EtcdServer,
  type Member,
} from '#etcd';
import type { ServerTls } from '#wire';
import type { Machine } from '../machine.ts';
import { durationMs } from '../duration.ts';
import type { SnapshotConfig } from '../config.ts';
import { snapshotsOf } from '../snapshot-request.ts';
import { addressesOf, compactionPolicy, type EtcdAddress, type EtcdRequest } from './etcd-request.ts';

/** All that is decided before anything is opened. */
interface Plan {
  request: EtcdRequest;
  directory: string;
  clients: EtcdAddress[];
  metrics: EtcdAddress[];
  tls: ServerTls | undefined;
  compaction: CompactionPolicy | undefined;
  snapshots: SnapshotConfig | undefined;
  progressNotifyMs: number;
}

/**
 * Runs the store alone, for any client of etcd, until the signal aborts. Tells once it takes clients, and with what to
 * reach it. Throws, with the flag's name, on what cannot be done.
 */
export async function runEtcd(
  machine: Machine,
  request: EtcdRequest,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  const plan = await planEtcd(request);
  const { clock, random } = machine;
  const log = createLogger({ level: machine.logLevel === 'debug' ? 'debug' : 'warn' });
  await mkdir(plan.directory, { recursive: true, mode: 0o700 });
  const quotaBytes = request.quotaBackendBytes;
  const options = { directory: plan.directory, clock, random, log, ...(quotaBytes > 0 && { quotaBytes }) };
  await using member = await openEmbeddedStore(options);
  const server = await openServer(machine, plan, member, log);
  try {
    const urls = await listenAll(server, plan);
    tell(readyLine(urls, request));
    await runAll([...keepers(machine, plan, member, log), untilAborted], signal);
  } finally {
    await server.close();
  }
}

async function planEtcd(request: EtcdRequest): Promise<Plan> {
  const clients = addressesOf('listen-client-urls', request.listenClientUrls);
  const { listenMetricsUrls, certFile, keyFile } = request;
  const metrics = listenMetricsUrls ? addressesOf('listen-metrics-urls', listenMetricsUrls) : [];
  if ((certFile === undefined) !== (keyFile === undefined)) throw new Error('--cert-file and --key-file go together');
  const secure = [...clients, ...metrics].find((address) => address.secure);
  if (secure && certFile === undefined) throw new Error(`${secure.url} takes --cert-file and --key-file`);
  if (request.clientCertAuth && request.trustedCaFile === undefined)
    throw new Error('--client-cert-auth takes --trusted-ca-file');
  const directory = resolve(request.dataDir ?? `${request.name}.etcd`);
  return {
    request,
    directory,
    clients,
    metrics,
    tls: await readTls(request),
    compaction: compactionPolicy(request.autoCompactionMode, request.autoCompactionRetention),
    snapshots: snapshotsOf(request, join(directory, 'snapshots')),
    progressNotifyMs: durationMs('watch-progress-notify-interval', request.watchProgressNotifyInterval),
  };
}

/** As with etcd, who trusts a CA takes no client without a certificate of it. */
async function readTls({ certFile, keyFile, trustedCaFile }: EtcdRequest): Promise<ServerTls | undefined> {
  if (certFile === undefined || keyFile === undefined) return undefined;
  const cert = await readPem('cert-file', certFile);
  const key = await readPem('key-file', keyFile);
  if (trustedCaFile === undefined) return { cert, key };
  return { cert, key, clientCa: await readPem('trusted-ca-file', trustedCaFile) };
}

async function readPem(flag: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`--${flag}: ${messageOf(error)}`, { cause: error });
  });
}

async function openServer(machine: Machine, plan: Plan, member: Member, log: Logger): Promise<EtcdServer> {
  const { request, clients, progressNotifyMs } = plan;
  return openEtcdServer({
    member,
    clock: machine.clock,
    random: machine.random,
    log,
    name: request.name,
    clientUrls: request.advertiseClientUrls?.split(',') ?? clients.map(({ url }) => url),
    peerUrls: request.initialAdvertisePeerUrls.split(','),
    clusterToken: request.initialClusterToken,
    clientCertAuth: request.clientCertAuth ?? false,
    authTokenTtlSeconds: request.authTokenTtl,
    bcryptCost: request.bcryptCost,
    limits: { maxTxnOps: request.maxTxnOps, maxRequestBytes: request.maxRequestBytes, progressNotifyMs },
  });
}

/** Listens everywhere; returns the URLs for clients, with the ports that were got. */
async function listenAll(server: EtcdServer, { clients, metrics, tls }: Plan): Promise<string[]> {
  const urls: string[] = [];
  for (const address of clients) {
    const port = await listening(address, () => server.listen(address.listen, address.secure ? tls : undefined));
    urls.push(address.url.replace(/:0\/?$/, `:${port}`));
  }
  for (const address of metrics)
    await listening(address, () => server.listenForMetrics(address.listen, address.secure ? tls : undefined));
  return urls;
}

async function listening(address: EtcdAddress, listen: () => Promise<number>): Promise<number> {
  return listen().catch((error: unknown) => {
    throw new Error(`cannot listen on ${address.url}: ${messageOf(error)}`, { cause: error });
  });
}

function readyLine(urls: readonly string[], { trustedCaFile }: EtcdRequest): string {
  const [first = ''] = urls;
  const isSecure = first.startsWith('https:') || first.startsWith('unixs:');
  const how = isSecure ? ` --cacert CA${trustedCaFile ? ' --cert CERT --key KEY' : ''}` : '';
  return `etcd is served on ${urls.join(' and ')}. Try: etcdctl --endpoints ${first}${how} endpoint status`;
}

function keepers(machine: Machine, plan: Plan, member: Member, log: Logger): Component[] {
  const { clock } = machine;
  const { compaction, snapshots } = plan;
  const save = (path: string): Promise<void> => saveSnapshotOf(member, path);
  return [
    ...(compaction ? [new AutoCompactor({ store: member, policy: compaction, clock, log })] : []),
    ...(snapshots ? [new SnapshotSchedule({ ...snapshots, store: member, save, clock, log })] : []),
  ];
}

/** Holds on until the signal aborts. */
const untilAborted: Component = {
  run: (signal) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    }),
};
