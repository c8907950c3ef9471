import { ProcessError, type ProcessResult } from '#base';
import type { TestCluster, TryOptions } from './cluster.ts';
import type { Session } from './session.ts';
import { until } from './until.ts';

/** An object as a test writes it. */
export type Manifest = {
  kind: string;
  metadata: { name?: string; [field: string]: unknown };
  [field: string]: unknown;
};

/**
 * What kubectl printed as JSON, to be looked into freely: a step to where nothing is throws, and so fails the test.
 * The types of `#api` would say which fields may be absent, which is what the tests are there to find out.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;

/** A namespace of its own for a test, so that tests can run side by side in one cluster. */
export class TestNamespace {
  readonly cluster: TestCluster;
  readonly name: string;

  constructor(cluster: TestCluster, name: string) {
    this.cluster = cluster;
    this.name = name;
  }

  /** Runs kubectl in this namespace; returns its output, throws with what it said when it fails. */
  kubectl(...args: string[]): Promise<string> {
    return this.cluster.kubectl('-n', this.name, ...args);
  }

  /** Runs kubectl in this namespace and returns what it left, whatever its exit code. */
  try(args: string[], options: TryOptions = {}): Promise<ProcessResult> {
    return this.cluster.tryKubectl(['-n', this.name, ...args], options);
  }

  /** Runs kubectl and returns what it printed as an error; throws when it succeeds. */
  async fail(args: string[], options: TryOptions = {}): Promise<string> {
    const result = await this.try(args, options);
    if (result.code === 0) throw new Error(`kubectl ${args.join(' ')} should fail, and said ${result.stdout}`);
    return result.stderr;
  }

  /** Starts a kubectl that goes on. */
  start(args: string[], env: Record<string, string> = {}): Promise<Session> {
    return this.cluster.startKubectl(['-n', this.name, ...args], env);
  }

  /** Applies objects, or YAML as a user writes it. */
  async apply(...manifests: (Manifest | string)[]): Promise<string> {
    const input = manifests.map(asDocument).join('\n---\n');
    const result = await this.try(['apply', '-f', '-'], { input });
    if (result.code !== 0) throw new ProcessError(['kubectl', 'apply'], result);
    return result.stdout;
  }

  /** An object, or a list, as JSON. */
  async get(...what: string[]): Promise<Loose> {
    return JSON.parse(await this.kubectl('get', ...what, '-o', 'json'));
  }

  /** What a container printed. */
  logs(pod: string, ...more: string[]): Promise<string> {
    return this.kubectl('logs', pod, ...more);
  }

  /** Runs a command in the first container of a pod. */
  exec(pod: string, ...command: string[]): Promise<string> {
    return this.kubectl('exec', pod, '--', ...command);
  }

  /** Waits until `kubectl wait` says so. */
  async waitFor(condition: string, ...what: string[]): Promise<void> {
    await this.kubectl('wait', `--for=${condition}`, '--timeout=60s', ...what);
  }

  /** Asks for an object until it passes; returns it. */
  until(what: string[], check: (object: Loose) => void, withinMs?: number): Promise<Loose> {
    return until(() => this.get(...what), check, withinMs);
  }
}

function asDocument(manifest: Manifest | string): string {
  if (typeof manifest === 'string') return manifest;
  const group = ['Deployment', 'ReplicaSet'].includes(manifest.kind) ? 'apps/v1' : 'v1';
  return JSON.stringify({ apiVersion: group, ...manifest });
}
