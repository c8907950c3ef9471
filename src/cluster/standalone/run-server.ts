import { mkdir, readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import {
  createLogger,
  lockOrThrow,
  messageOf,
  randomUuid,
  runAll,
  writeFileAtomic,
  type Component,
  type Logger,
} from '#base';
import { openRemoteStore, SnapshotSchedule, type RemoteStore, type Store } from '#etcd';
import { apiServerCertificateFor } from '../certificates.ts';
import { ControlPlane } from '../control-plane.ts';
import { kubeconfigFor } from '../kubeconfig.ts';
import type { Machine } from '../machine.ts';
import { Pki } from '../pki.ts';
import { agreeOnAuthority } from './authority.ts';
import { snapshotsOf } from '../snapshot-request.ts';
import { checkServerRequest, type ServerRequest } from './server-request.ts';

/**
 * Runs an API server on a cluster of etcd, with controllers and a scheduler, until the signal aborts. Any number of them
 * may run on one etcd, if they have the same certificate authority. Throws, with the flag's name, on what cannot be done.
 */
export async function runStandaloneServer(
  machine: Machine,
  request: ServerRequest,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  const endpoints = checkServerRequest(request);
  const log = createLogger({ level: machine.logLevel });
  const directory = resolve(request.dataDir);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await using _lock = await lockOrThrow(directory, `the server in ${directory}`);
  const pki = new Pki({ directory: join(directory, 'pki'), clock: machine.clock });
  await using store = await openStore(machine, endpoints, await etcdTls(request), log);
  await agreeOnAuthority(store, pki, join(directory, 'pki'));
  const plane = await controlPlane(machine, request, { store, pki, log });
  const kubeconfig = await writeKubeconfig(request, directory, pki);
  const said = plane.ready.then(
    () => tell(`The API is served. Try: kubectl --kubeconfig ${kubeconfig} get namespaces`),
    () => {}, // `run` throws it
  );
  await Promise.all([runAll([plane, ...schedules(machine, request, store, log)], signal), said]);
}

/** Each server that is told to saves snapshots by itself. */
function schedules({ clock }: Machine, request: ServerRequest, store: RemoteStore, log: Logger): Component[] {
  const snapshots = snapshotsOf(request, join(request.dataDir, 'snapshots'));
  const save = (path: string): Promise<void> => store.saveSnapshot(path);
  const own = { store, save, clock, log: log.child({ component: 'etcd' }) };
  return snapshots ? [new SnapshotSchedule({ ...snapshots, ...own })] : [];
}

function openStore(
  { clock, random }: Machine,
  endpoints: readonly string[],
  tls: { ca?: string; cert?: string; key?: string },
  log: Logger,
): Promise<RemoteStore> {
  return openRemoteStore({ endpoints, tls, clock, random, log: log.child({ component: 'etcd' }) });
}

async function etcdTls({ etcdCafile, etcdCertfile, etcdKeyfile }: ServerRequest) {
  return {
    ...(etcdCafile && { ca: await readPem('etcd-cafile', etcdCafile) }),
    ...(etcdCertfile && { cert: await readPem('etcd-certfile', etcdCertfile) }),
    ...(etcdKeyfile && { key: await readPem('etcd-keyfile', etcdKeyfile) }),
  };
}

async function readPem(flag: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`--${flag}: ${messageOf(error)}`, { cause: error });
  });
}

async function controlPlane(
  machine: Machine,
  request: ServerRequest,
  { store, pki, log }: { store: Store; pki: Pki; log: Logger },
): Promise<ControlPlane> {
  const { bindAddress, securePort, serviceClusterIpRange, clusterCidr } = request;
  const address = advertised(request);
  const others = (request.tlsSan ?? '').split(',').filter((name) => name !== '');
  const reachable = { ips: [address, ...others.filter((one) => isIP(one))], names: others.filter((one) => !isIP(one)) };
  return new ControlPlane({
    machine,
    log,
    store,
    pki,
    serving: await apiServerCertificateFor(pki, serviceClusterIpRange, reachable),
    listen: [{ host: bindAddress, port: securePort }],
    advertise: { addresses: [address], port: securePort },
    serviceCidr: serviceClusterIpRange,
    podCidr: clusterCidr,
    ...(request.leaderElect && { identity: `${hostname()}_${randomUuid(machine.random)}` }),
  });
}

/** As kube-apiserver: the address that it listens on, or, when that is any, the first of the machine that leads out. */
function advertised({ advertiseAddress, bindAddress }: ServerRequest): string {
  if (advertiseAddress !== undefined) return advertiseAddress;
  if (bindAddress !== '0.0.0.0' && bindAddress !== '::') return bindAddress;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const own = all.find(({ internal, family }) => !internal && family === 'IPv4');
  if (own) return own.address;
  throw new Error('this machine has no address to advertise: give one with --advertise-address');
}

async function writeKubeconfig(request: ServerRequest, directory: string, pki: Pki): Promise<string> {
  const path = resolve(request.kubeconfig ?? join(directory, 'admin.kubeconfig'));
  const host = request.bindAddress === '::' || request.bindAddress === '0.0.0.0' ? '127.0.0.1' : request.bindAddress;
  const [ca, admin] = [await pki.ca(), await pki.admin()];
  const server = `https://${isIP(host) === 6 ? `[${host}]` : host}:${request.securePort}`;
  const access = { context: 'kedge', server, caPem: ca.certPem, certPem: admin.certPem, keyPem: admin.keyPem };
  await writeFileAtomic(path, kubeconfigFor(access), 0o600);
  return path;
}
