import { spawn } from 'node:child_process';

/** What a finished process left. */
export interface ProcessResult {
  stdout: string;
  stderr: string;
  /** The exit code; 128 + signal number is not used: a process that a signal ended has `signal`. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  /** Written to standard input, which is then closed. */
  input?: string | Uint8Array;
  cwd?: string;
  /** The whole environment; by default only PATH is passed on. */
  env?: Record<string, string>;
  /** Kills the process (SIGKILL) when it aborts. */
  signal?: AbortSignal;
}

/** A process that could not be started or that returned another code than 0. */
export class ProcessError extends Error {
  readonly result: ProcessResult;
  constructor(command: readonly string[], result: ProcessResult, cause?: unknown) {
    const why = result.stderr.trim() || result.stdout.trim() || `exit code ${result.code ?? result.signal}`;
    super(`${command.slice(0, 4).join(' ')}: ${why}`, { cause });
    this.name = 'ProcessError';
    this.result = result;
  }
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a program to its end and returns what it left, whatever its exit code; throws `ProcessError` when it cannot start. */
export function runProcess(
  command: readonly [string, ...string[]],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const [file, ...args] = command;
  const { promise, resolve, reject } = Promise.withResolvers<ProcessResult>();
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env ?? { PATH: defaultPath },
    signal: options.signal,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {}); // the program may end without reading its input (EPIPE)
  child.stdin.end(options.input);
  child.on('error', (error) =>
    reject(new ProcessError(command, { stdout: '', stderr: error.message, code: null, signal: null }, error)),
  );
  child.on('close', (code, signal) =>
    resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code, signal }),
  );
  return promise;
}

/** Runs a program and returns its standard output; throws `ProcessError` unless it exits with 0. */
export async function execute(command: readonly [string, ...string[]], options: ProcessOptions = {}): Promise<string> {
  const result = await runProcess(command, options);
  if (result.code !== 0) throw new ProcessError(command, result);
  return result.stdout;
}
