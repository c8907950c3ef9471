import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execute, ProcessError, runProcess, type ProcessResult } from '#base';
import { busyboxArchive } from './busybox.ts';
import { Session } from './session.ts';
import { TestNamespace } from './test-namespace.ts';
import { kubectlPath, root, type KubectlVersion } from './tools.ts';

export interface TryOptions {
  input?: string | Uint8Array;
  version?: KubectlVersion;
  env?: Record<string, string>;
  cwd?: string;
}

/** A cluster of a test: brought up by the program, as a user would, in a home and a kubeconfig of its own. */
export class TestCluster implements AsyncDisposable {
  readonly name: string;
  readonly home: string;
  readonly env: Record<string, string>;

  private constructor(name: string, home: string) {
    this.name = name;
    this.home = home;
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      KEDGE_HOME: home,
      KUBECONFIG: join(home, 'kubeconfig'),
    };
  }

  /** A home in which nothing runs yet. */
  static async home(): Promise<TestCluster> {
    const home = await mkdtemp(join(tmpdir(), 'kedge-e2e-'));
    return new TestCluster(`t${home.slice(-6).toLowerCase()}`, home);
  }

  /** Another cluster in the same home, not yet up. It goes with this one. */
  beside(name: string): TestCluster {
    return new TestCluster(name, this.home);
  }

  /** Brings a cluster up, with the test image loaded. */
  static async up(...options: string[]): Promise<TestCluster> {
    const cluster = await TestCluster.home();
    try {
      const image = await busyboxArchive();
      await cluster.kedge('up', '--name', cluster.name, ...options);
      await cluster.loadImage(image);
    } catch (error) {
      const logs = await cluster.logs();
      await cluster[Symbol.asyncDispose]();
      throw new Error(`${String(error)}\n${logs}`, { cause: error });
    }
    return cluster;
  }

  /** How `kedge` is run. */
  kedgeCommand(...args: string[]): [string, ...string[]] {
    return [process.execPath, join(root, 'bin/kedge.mjs'), ...args];
  }

  /** Runs `kedge`; returns its output, throws when it fails. */
  kedge(...args: string[]): Promise<string> {
    return execute(this.kedgeCommand(...args), { env: this.env });
  }

  /** Loads an image from an archive, as `docker save` writes it. */
  async loadImage(archive: Uint8Array): Promise<void> {
    await execute(this.kedgeCommand('image', 'load', '-'), { env: this.env, input: archive });
  }

  /** Runs `kedge` and returns what it left, whatever its exit code. */
  tryKedge(...args: string[]): Promise<ProcessResult> {
    return runProcess(this.kedgeCommand(...args), { env: this.env });
  }

  /** Runs kubectl 1.35; returns its output, throws with what it said when it fails. */
  async kubectl(...args: string[]): Promise<string> {
    const result = await this.tryKubectl(args);
    if (result.code !== 0) throw new ProcessError(['kubectl', ...args], result);
    return result.stdout;
  }

  /** Runs a kubectl and returns what it left, whatever its exit code. */
  async tryKubectl(args: string[], options: TryOptions = {}): Promise<ProcessResult> {
    const kubectl = await kubectlPath(options.version ?? '1.35');
    const { input, cwd } = options;
    return runProcess([kubectl, ...args], { env: { ...this.env, ...options.env }, input, cwd });
  }

  /** Starts a kubectl that goes on. */
  async startKubectl(args: string[], env: Record<string, string> = {}): Promise<Session> {
    return new Session([await kubectlPath('1.35'), ...args], { ...this.env, ...env });
  }

  /** Applies a manifest. */
  async apply(manifest: string): Promise<string> {
    const result = await this.tryKubectl(['apply', '-f', '-'], { input: manifest });
    if (result.code !== 0) throw new ProcessError(['kubectl', 'apply'], result);
    return result.stdout;
  }

  /** Makes a namespace for a test. It goes with the cluster. */
  async namespace(name: string): Promise<TestNamespace> {
    await this.kubectl('create', 'namespace', name);
    await this.kubectl('-n', name, 'wait', '--for=create', 'serviceaccount/default'); // pods are refused before
    return new TestNamespace(this, name);
  }

  /** The last lines that the processes of the cluster wrote, for the message of a failed test. */
  async logs(): Promise<string> {
    const folder = join(this.home, 'clusters', this.name, 'logs');
    if (!existsSync(folder)) return '(no logs)';
    return (await runProcess(['sh', '-c', `tail -n 30 ${folder}/*.log | cut -c1-500`])).stdout;
  }

  /** The processes that the cluster has started and knows: its server and its agents, by name. */
  async processes(): Promise<Map<string, number>> {
    const run = join(this.home, 'clusters', this.name, 'run');
    const records = (await readdir(run)).filter((file) => file.endsWith('.json'));
    const pids = records.map(async (file): Promise<[string, number]> => {
      const { pid } = JSON.parse(await readFile(join(run, file), 'utf8')) as { pid: number };
      return [basename(file, '.json'), pid];
    });
    return new Map(await Promise.all(pids));
  }

  /** Ends the processes as a power cut does (kill -9): all of them, or those named. The containers go on. */
  async crash(...names: string[]): Promise<void> {
    for (const [name, pid] of await this.processes())
      if (names.length === 0 || names.includes(name)) process.kill(pid, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(join(this.home, 'clusters'))) await this.kedge('down', '--all');
    await rm(this.home, { recursive: true, force: true });
  }
}
