import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, ProcessError, runProcess, type ProcessResult } from '#base';
import { kubectlPath, root, type KubectlVersion } from './tools.ts';

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

  static async up(...options: string[]): Promise<TestCluster> {
    const home = await mkdtemp(join(tmpdir(), 'kedge-e2e-'));
    const cluster = new TestCluster(`t${home.slice(-6).toLowerCase()}`, home);
    try {
      await cluster.kedge('up', '--name', cluster.name, ...options);
    } catch (error) {
      const logs = await cluster.logs();
      await cluster[Symbol.asyncDispose]();
      throw new Error(`${String(error)}\n${logs}`, { cause: error });
    }
    return cluster;
  }

  /** Runs `kedge`; returns its output, throws when it fails. */
  kedge(...args: string[]): Promise<string> {
    return execute([process.execPath, join(root, 'bin/kedge.mjs'), ...args], { env: this.env });
  }

  /** Runs kubectl 1.35; returns its output, throws with what it said when it fails. */
  async kubectl(...args: string[]): Promise<string> {
    const result = await this.tryKubectl(args);
    if (result.code !== 0) throw new ProcessError(['kubectl', ...args], result);
    return result.stdout;
  }

  /** Runs a kubectl and returns what it left, whatever its exit code. */
  async tryKubectl(
    args: string[],
    options: { input?: string; version?: KubectlVersion; env?: Record<string, string> } = {},
  ): Promise<ProcessResult> {
    const kubectl = await kubectlPath(options.version ?? '1.35');
    return runProcess([kubectl, ...args], { env: { ...this.env, ...options.env }, input: options.input });
  }

  /** Applies a manifest. */
  async apply(manifest: string): Promise<string> {
    const result = await this.tryKubectl(['apply', '-f', '-'], { input: manifest });
    if (result.code !== 0) throw new ProcessError(['kubectl', 'apply'], result);
    return result.stdout;
  }

  /** The last lines that the processes of the cluster wrote, for the message of a failed test. */
  async logs(): Promise<string> {
    const folder = join(this.home, 'clusters', this.name, 'logs');
    if (!existsSync(folder)) return '(no logs)';
    return (await runProcess(['sh', '-c', `tail -n 30 ${folder}/*.log | cut -c1-500`])).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(join(this.home, 'clusters', this.name))) await this.kedge('down', '--name', this.name);
    await rm(this.home, { recursive: true, force: true });
  }
}
