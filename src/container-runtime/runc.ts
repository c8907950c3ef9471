import { join } from 'node:path';
import { ProcessError, runProcess, type ProcessResult } from '#base';
import type { Resources } from './oci/types.ts';

/** What `runc state` says. */
export interface RuncState {
  id: string;
  pid: number;
  status: 'creating' | 'created' | 'running' | 'paused' | 'stopped';
  bundle: string;
}

/** The OCI runtime's command line: runc, or crun, which takes the same. */
export class Runc {
  readonly binary: string;
  /** Where it keeps its own state. */
  readonly root: string;
  #mountOptions: Promise<ReadonlySet<string>> | undefined;

  constructor(options: { binary: string; state: string }) {
    this.binary = options.binary;
    this.root = join(options.state, 'runc');
  }

  /** Lets a created container run its program. */
  async start(id: string): Promise<void> {
    await this.#run('start', id);
  }

  /** Sends a signal to the first process; false when it is gone. */
  async kill(id: string, signal: string): Promise<boolean> {
    const result = await this.#try('kill', id, signal);
    if (result.code === 0) return true;
    if (/not running|process already finished|does not exist|no such process/i.test(result.stderr)) return false;
    throw this.#error(['kill', id, signal], result);
  }

  /** Removes a container, killing what is left of it. One that is not there is no error. */
  async delete(id: string): Promise<void> {
    const result = await this.#try('delete', '--force', id);
    if (result.code !== 0 && !/does not exist/.test(result.stderr)) throw this.#error(['delete', id], result);
  }

  async update(id: string, resources: Resources): Promise<void> {
    const command = ['update', '--resources', '-', id] as const;
    const result = await runProcess(this.command(command), { input: JSON.stringify(resources) });
    if (result.code !== 0) throw this.#error(command, result);
  }

  /** What is known of a container; undefined when nothing is. */
  async state(id: string): Promise<RuncState | undefined> {
    const result = await this.#try('state', id);
    return result.code === 0 ? (JSON.parse(result.stdout) as RuncState) : undefined;
  }

  /** What mounts the runtime can make (`rro`: read-only all the way down). A runtime that does not say can little. */
  mountOptions(): Promise<ReadonlySet<string>> {
    this.#mountOptions ??= this.#readMountOptions();
    return this.#mountOptions;
  }

  async #readMountOptions(): Promise<ReadonlySet<string>> {
    const { code, stdout } = await this.#try('features');
    const features = code === 0 ? (JSON.parse(stdout) as { mountOptions?: string[] }) : {};
    return new Set(features.mountOptions);
  }

  /** The version of the runtime: `1.1.5`. */
  async version(): Promise<string> {
    const { stdout } = await this.#try('--version');
    return /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
  }

  /** A whole command line. */
  command(args: readonly string[]): [string, ...string[]] {
    return [this.binary, '--root', this.root, ...args];
  }

  async #run(...args: string[]): Promise<void> {
    const result = await this.#try(...args);
    if (result.code !== 0) throw this.#error(args, result);
  }

  #try(...args: string[]): Promise<ProcessResult> {
    return runProcess(this.command(args));
  }

  #error(args: readonly string[], result: ProcessResult): Error {
    return new ProcessError([this.binary, ...args], { ...result, stderr: runcMessage(result.stderr) });
  }
}

/** What matters of what runc wrote: the last error, without the log line around it and the complaints before it. */
export function runcMessage(text: string): string {
  const lines = text.trim().split('\n');
  const errors = lines.filter((line) => line.includes('level=error'));
  const line = errors.at(-1) ?? lines.at(-1) ?? '';
  const quoted = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  const plain = /msg=(\S+)/.exec(line)?.[1];
  return quoted === undefined ? (plain ?? line) : quoted.replaceAll(/\\(.)/g, '$1');
}
