import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, runProcess, type ProcessResult } from '#base';
import { createCa, issueCertificate } from '#wire';
import { freePort } from './free-port.ts';
import { Session } from './session.ts';
import { root } from './tools.ts';
import { until } from './until.ts';

/** Any etcdctl can be held against Kedge; the machine's own is Debian's 3.4. */
const program = process.env['KEDGE_ETCDCTL'] ?? 'etcdctl';
const env = { PATH: process.env['PATH'] ?? '', ETCDCTL_API: '3' };

/** Where a store of a test comes from. */
export interface TestEtcdOptions {
  /** Kedge's own, or Debian's etcd. */
  program?: 'kedge' | 'etcd';
  /** The folder of its files; one of its own, which it removes, without. */
  directory?: string;
  /** Its data, where it is not to begin empty. */
  data?: string;
}

/** A `kedge etcd` of a test, and the etcdctl that drives it. */
export class TestEtcd implements AsyncDisposable {
  readonly directory: string;
  /** Where it listens, as it says. */
  readonly urls: string[];
  readonly #server: Session;

  private constructor(directory: string, urls: string[], server: Session) {
    this.directory = directory;
    this.urls = urls;
    this.#server = server;
  }

  /** Starts one, on a free port unless the flags say otherwise. */
  static async start(flags: string[] = [], options: TestEtcdOptions = {}): Promise<TestEtcd> {
    const folder = options.directory ?? (await mkdtemp(join(tmpdir(), 'kedge-etcd-')));
    const data = options.data ?? join(folder, 'data');
    return options.program === 'etcd' ? TestEtcd.#startEtcd(folder, data) : TestEtcd.#startKedge(folder, data, flags);
  }

  static async #startKedge(folder: string, data: string, flags: string[]): Promise<TestEtcd> {
    const listen = flags.includes('--listen-client-urls') ? [] : ['--listen-client-urls', 'http://127.0.0.1:0'];
    const command = kedge('etcd', '--data-dir', data, ...listen, ...flags);
    const server = new Session(command, { ...env, HOME: folder });
    const [, urls = ''] = await server.until(/etcd is served on (.*)\. Try: etcdctl/);
    return new TestEtcd(folder, urls.split(' and '), server);
  }

  /** Debian's etcd, which cannot be asked for any port. */
  static async #startEtcd(folder: string, data: string): Promise<TestEtcd> {
    const [client, peer] = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
    const clients = ['--listen-client-urls', `${client}`, '--advertise-client-urls', `${client}`];
    const command = ['etcd', '--data-dir', data, ...clients, '--listen-peer-urls', `${peer}`] as const;
    const etcd = new TestEtcd(folder, [`${client}`], new Session([...command], env));
    await until(
      () => etcd.tryCtl(['endpoint', 'health']),
      ({ code, stderr }) => assert.equal(code, 0, stderr),
    );
    return etcd;
  }

  get url(): string {
    const [first = ''] = this.urls;
    return first;
  }

  /** Runs etcdctl; returns its output, throws when it fails. */
  async ctl(...args: string[]): Promise<string> {
    return execute([program, '--endpoints', this.url, ...args], { env });
  }

  /** Runs etcdctl and returns what it left; `input` is typed into it. */
  tryCtl(args: string[], input = ''): Promise<ProcessResult> {
    return runProcess([program, '--endpoints', this.url, ...args], { env, input });
  }

  /** Runs etcdctl and returns what it writes as JSON. */
  async json(...args: string[]): Promise<Json> {
    return JSON.parse(await this.ctl(...args, '-w', 'json'));
  }

  /** Starts an etcdctl that goes on. */
  startCtl(...args: string[]): Session {
    return new Session([program, '--endpoints', this.url, ...args], env);
  }

  /** Ends it as a service manager does; returns its exit code. */
  async stop(): Promise<number | null> {
    this.#server.terminate();
    return this.#server.exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const code = await this.stop();
    await rm(this.directory, { recursive: true, force: true });
    assert.ok(code === 0 || code === null, this.#server.stderr); // Debian's etcd lets the signal end it
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a program prints, looked at by a test
export type Json = any;

/** How a command of `kedge` is run. */
export function kedge(...args: string[]): [string, ...string[]] {
  return [process.execPath, join(root, 'bin/kedge.mjs'), ...args];
}

/** Certificates in a folder: of a CA, a server on this machine, and users. Returns the path of a file by its name. */
export async function writePki(directory: string, users: readonly string[]): Promise<(file: string) => string> {
  const path = (file: string): string => join(directory, file);
  const ca = await createCa({ commonName: 'etcd-ca' });
  await writeFile(path('ca.crt'), ca.certPem);
  const server = {
    commonName: 'server',
    ipAddresses: ['127.0.0.1'],
    dnsNames: ['localhost'],
    usages: ['server'],
  } as const;
  const all = [server, ...users.map((commonName) => ({ commonName, usages: ['client'] }) as const)];
  for (const request of all) {
    const { certPem, keyPem } = await issueCertificate(ca, { ...request, usages: [...request.usages] });
    await writeFile(path(`${request.commonName}.crt`), certPem);
    await writeFile(path(`${request.commonName}.key`), keyPem);
  }
  return path;
}
