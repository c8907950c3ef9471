/** `kedge server` on an etcd of one's own: two of them are one cluster, for kubectl and for the controllers. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { execute, runProcess } from '#base';
import { createCa, issueCertificate } from '#wire';
import { EtcdCluster, freePorts, hasEtcd, type EtcdFiles } from '../../src/etcd/testing/etcd-cluster.ts';
import { snapshotStatus } from '../../src/etcd/snapshot/status.ts';
import { kubectlPath, root } from '../support/tools.ts';
import { until } from '../support/until.ts';

/** One server process with data of its own; gone with the test's process. */
class ServerProcess {
  readonly port: number;
  readonly directory: string;
  readonly #process: ChildProcess;
  readonly #home: string;

  private constructor(home: string, name: string, port: number, flags: readonly string[]) {
    this.#home = home;
    this.port = port;
    this.directory = join(home, name);
    const own = [`--data-dir=${this.directory}`, '--bind-address=127.0.0.1', `--secure-port=${port}`];
    const command = [process.execPath, join(root, 'bin/kedge.mjs'), 'server', ...own, ...flags];
    const env = { PATH: process.env['PATH'] ?? '', KEDGE_HOME: home };
    const options = { env, stdio: ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'] };
    // What starts the program passes this signal on to it, and no other.
    this.#process = spawn('setpriv', ['--pdeathsig', 'TERM', ...command], options);
  }

  /** Resolves when it says that it serves. */
  static async start(home: string, name: string, port: number, flags: readonly string[]): Promise<ServerProcess> {
    const server = new ServerProcess(home, name, port, flags);
    const { stdout } = server.#process;
    assert.ok(stdout);
    for await (const line of createInterface({ input: stdout })) if (line.startsWith('The API is served')) break;
    stdout.resume();
    assert.equal(server.#process.exitCode, null);
    return server;
  }

  async kubectl(...args: string[]): Promise<string> {
    const path = await kubectlPath('1.35');
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.#home };
    return execute([path, '--kubeconfig', join(this.directory, 'admin.kubeconfig'), ...args], { env });
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exit;
  }
}

/** An authority of etcd's own, a certificate for its member, and one for its clients with the flags that name it. */
async function etcdCertificates(folder: string): Promise<{ member: EtcdFiles; flags: string[] }> {
  const ca = await createCa({ commonName: 'etcd-ca' });
  const ipAddresses = ['127.0.0.1'];
  const member = await issueCertificate(ca, { commonName: 'member', ipAddresses, usages: ['server', 'client'] });
  const client = await issueCertificate(ca, { commonName: 'kube-apiserver-etcd-client', usages: ['client'] });
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const caFile = await write('etcd-ca.crt', ca.certPem);
  const certFile = await write('member.crt', member.certPem);
  const keyFile = await write('member.key', member.keyPem);
  const flags = [
    `--etcd-cafile=${caFile}`,
    `--etcd-certfile=${await write('client.crt', client.certPem)}`,
    `--etcd-keyfile=${await write('client.key', client.keyPem)}`,
  ];
  return { member: { certFile, keyFile, caFile }, flags };
}

describe('kedge server', { skip: !hasEtcd && 'etcd is not installed' }, () => {
  let etcd: EtcdCluster;
  let home: string;
  let one: ServerProcess;
  let other: ServerProcess;
  /** How a server reaches etcd. */
  let onEtcd: string[];
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'kedge-server-'));
    const { member, flags } = await etcdCertificates(home);
    etcd = await EtcdCluster.start(1, member);
    onEtcd = [`--etcd-servers=${etcd.endpoints.join(',')}`, ...flags];
    const [first = 0, second = 0] = await freePorts(2);
    const saving = ['--snapshot-interval=2s', '--snapshot-retention=2'];
    one = await ServerProcess.start(home, 'one', first, [...onEtcd, ...saving, '--advertise-address=192.0.2.1']);
    await mkdir(join(home, 'other', 'pki'), { recursive: true });
    for (const file of ['ca.crt', 'ca.key', 'sa.key']) {
      await copyFile(join(home, 'one', 'pki', file), join(home, 'other', 'pki', file));
    }
    other = await ServerProcess.start(home, 'other', second, [...onEtcd, '--advertise-address=192.0.2.2']);
  });
  after(async () => {
    await Promise.all([one, other].map((server) => server?.end()));
    await etcd?.[Symbol.asyncDispose]();
    if (home) await rm(home, { recursive: true });
  });

  test('what is asked of one is seen at the other, and done once', async () => {
    await one.kubectl('create', 'deployment', 'web', '--image=none', '--replicas=2');
    await until(
      () => other.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name'),
      (names) => assert.equal(names.trim().split('\n').length, 2, names),
    );
    const events = await until(
      () => other.kubectl('get', 'events', '-o', 'jsonpath={.items[*].reason}'),
      (reasons) => assert.match(reasons, /SuccessfulCreate/),
    );
    assert.equal(events.split(' ').filter((reason) => reason === 'ScalingReplicaSet').length, 1, events);
    const watching = other.kubectl('wait', '--for=create', 'configmap/told', '--timeout=30s');
    await one.kubectl('create', 'configmap', 'told');
    await watching;
  });

  test('the Service kubernetes leads to both', async () => {
    await until(
      () => one.kubectl('get', 'endpoints', 'kubernetes', '-o', 'jsonpath={.subsets[*].addresses[*].ip}'),
      (addresses) => assert.equal(addresses, '192.0.2.1 192.0.2.2'),
    );
  });

  test('a server that is told to saves snapshots of etcd, and keeps the newest', async () => {
    const saved = async (): Promise<string[]> => {
      const names = await readdir(join(one.directory, 'snapshots'));
      return names.filter((name) => name.endsWith('.db')).sort(); // and not one that is being written
    };
    const [oldest = ''] = await until(saved, (names) => assert.match(names[0] ?? '', /^snapshot-.*Z-\d+\.db$/));
    const names = await until(saved, (now) => assert.ok(now.length >= 2 && !now.includes(oldest), now.join()));
    const newest = join(one.directory, 'snapshots', names.at(-1) ?? '');
    const { totalKeys } = await snapshotStatus(newest);
    assert.ok(totalKeys > 10, `${totalKeys} keys`);
  });

  test('a server with another certificate authority is told what to do', async () => {
    const command = ['server', ...onEtcd, `--data-dir=${join(home, 'stranger')}`, '--secure-port=1'];
    const { stderr, code } = await runProcess([process.execPath, join(root, 'bin/kedge.mjs'), ...command]);
    assert.match(stderr, /^error: the cluster in this etcd has another certificate authority. Copy ca.crt, ca.key/);
    assert.equal(code, 1);
  });

  test('when the leader ends, another one leads', async () => {
    await one.end();
    await other.kubectl('scale', 'deployment', 'web', '--replicas=4');
    await until(
      () => other.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name'),
      (names) => assert.equal(names.trim().split('\n').length, 4, names),
    );
  });
});
