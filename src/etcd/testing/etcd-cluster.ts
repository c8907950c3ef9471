import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const etcdPath = '/usr/bin/etcd';

/** Whether etcd is on this machine (Debian's `etcd-server`). */
export const hasEtcd = existsSync(etcdPath);

/** Files that members show and trust; clients must show a certificate of the same authority. */
export interface EtcdFiles {
  certFile: string;
  keyFile: string;
  caFile: string;
}

interface Member {
  name: string;
  clientUrl: string;
  peerUrl: string;
  process: ChildProcess | undefined;
}

/** A real etcd cluster on free ports of the loopback interface, with data of its own; gone with the test's process. */
export class EtcdCluster implements AsyncDisposable {
  readonly #directory: string;
  readonly #members: readonly Member[];
  readonly #tls: EtcdFiles | undefined;

  private constructor(directory: string, members: readonly Member[], tls: EtcdFiles | undefined) {
    this.#directory = directory;
    this.#members = members;
    this.#tls = tls;
  }

  /** Starts so many members. They answer some time later; with TLS, clients must show a certificate. */
  static async start(count = 1, tls?: EtcdFiles): Promise<EtcdCluster> {
    const ports = await freePorts(count * 2);
    const url = (at: number, scheme = 'http'): string => `${scheme}://127.0.0.1:${ports[at]}`;
    const members = Array.from({ length: count }, (_, at) => {
      return {
        name: `m${at}`,
        clientUrl: url(at * 2, tls ? 'https' : 'http'),
        peerUrl: url(at * 2 + 1),
        process: undefined,
      };
    });
    const cluster = new EtcdCluster(await mkdtemp(join(tmpdir(), 'kedge-etcd-')), members, tls);
    for (let at = 0; at < count; at++) cluster.start(at);
    return cluster;
  }

  get endpoints(): string[] {
    return this.#members.map(({ clientUrl }) => clientUrl);
  }

  /** Starts a member again, on its own data. */
  start(at: number): void {
    const member = this.#member(at);
    const cluster = this.#members.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(',');
    const own = { name: member.name, 'data-dir': join(this.#directory, member.name), 'initial-cluster': cluster };
    const client = { 'listen-client-urls': member.clientUrl, 'advertise-client-urls': member.clientUrl };
    const peer = { 'listen-peer-urls': member.peerUrl, 'initial-advertise-peer-urls': member.peerUrl };
    // One alone has nobody to wait for.
    const [heartbeat, election] = this.#members.length === 1 ? ['10', '100'] : ['100', '1000'];
    const pace = { 'heartbeat-interval': heartbeat, 'election-timeout': election, 'log-level': 'error' };
    const flags = Object.entries({ ...own, ...client, ...peer, ...pace, ...this.#tlsFlags }).map(
      ([name, value]) => `--${name}=${value}`,
    );
    // However this process ends, the kernel ends the member.
    member.process = spawn('setpriv', ['--pdeathsig', 'KILL', etcdPath, ...flags], { stdio: 'ignore' });
  }

  /** Ends a member as a power cut would. */
  kill(at: number): Promise<void> {
    return this.#end(at, 'SIGKILL');
  }

  /** Ends a member as its operator would. */
  stop(at: number): Promise<void> {
    return this.#end(at, 'SIGTERM');
  }

  /** Holds a member: its connections stay, and nothing answers. */
  pause(at: number): void {
    this.#member(at).process?.kill('SIGSTOP');
  }

  resume(at: number): void {
    this.#member(at).process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((_, at) => this.kill(at)));
    await rm(this.#directory, { recursive: true });
  }

  get #tlsFlags(): Record<string, string> {
    if (!this.#tls) return {};
    const { certFile, keyFile, caFile } = this.#tls;
    return { 'cert-file': certFile, 'key-file': keyFile, 'trusted-ca-file': caFile, 'client-cert-auth': 'true' };
  }

  async #end(at: number, signal: NodeJS.Signals): Promise<void> {
    const { process: running } = this.#member(at);
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, 'exit');
    running.kill(signal);
    await exit;
  }

  #member(at: number): Member {
    const member = this.#members[at];
    if (!member) throw new Error(`there is no member ${at}`);
    return member;
  }
}

/** Ports that nobody listens on; all held at once, so that none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
