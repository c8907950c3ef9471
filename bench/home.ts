import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { execute } from '#base';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A `KEDGE_HOME` of its own with a kubeconfig of its own; when it is disposed of, its clusters are down and it is gone. */
export class Home implements AsyncDisposable {
  readonly directory: string;
  readonly env: Record<string, string>;

  private constructor(directory: string) {
    this.directory = directory;
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      KEDGE_HOME: directory,
      KUBECONFIG: join(directory, 'kubeconfig'),
    };
  }

  /** The file that `kedge up` writes this home's clusters into. */
  get kubeconfig(): string {
    return join(this.directory, 'kubeconfig');
  }

  /** Makes one in a folder of the disk to be measured. */
  static async make(parent: string): Promise<Home> {
    await bundled();
    return new Home(await mkdtemp(join(parent, 'kedge-bench-')));
  }

  /** Runs `kedge` as a user does; returns what it printed, throws when it fails. */
  kedge(...args: string[]): Promise<string> {
    return execute([process.execPath, join(root, 'bin/kedge.mjs'), ...args], { env: this.env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (existsSync(join(this.directory, 'clusters'))) await this.kedge('down', '--all');
    await rm(this.directory, { recursive: true, force: true });
  }
}

let bundling: Promise<unknown> | undefined;

/** What node is given to run Kedge as users do; with a folder, it leaves a CPU profile there. */
export function kedgeProgram(profile?: string): string[] {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return [...profiling, '--disable-warning=ExperimentalWarning', join(root, 'dist/kedge.mjs')];
}

/** What users run is the bundle, of the sources as they are. */
export function bundled(): Promise<unknown> {
  bundling ??= promisify(execFile)(process.execPath, [join(root, 'bin/build.mjs')]);
  return bundling;
}
