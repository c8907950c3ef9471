import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfExists } from '#base';
import { CriError, type ExecSyncRequest, type ExecSyncResponse } from '#cri';
import type { Context } from '../context.ts';
import type { Spec } from '../oci/types.ts';
import { kill } from '../processes.ts';
import { runcMessage } from '../runc.ts';
import { requireRunning } from './container-config.ts';
import { specFile } from './create-container.ts';

/** A process that is to run beside the first one of a container. */
export interface ExecFiles {
  /** The command line to start it with. */
  command: [string, ...string[]];
  /** Holds the process's PID on the node, once it runs. */
  pidFile: string;
  /** What the OCI runtime complained of. */
  logFile: string;
  remove(): Promise<void>;
}

/** Prepares a process in a container: as its first one, but with another command line and terminal. */
export async function prepareExec(
  context: Context,
  id: string,
  cmd: readonly string[],
  tty: boolean,
): Promise<ExecFiles> {
  const spec = JSON.parse(await readFile(specFile(context, id), 'utf8')) as Spec; // written by create-container
  const folder = await mkdtemp(join(context.paths.bundle(id), 'exec-'));
  const file = (name: string): string => join(folder, name);
  const env =
    tty && !spec.process.env.some((entry) => entry.startsWith('TERM='))
      ? [...spec.process.env, 'TERM=xterm']
      : spec.process.env;
  await writeFile(file('process.json'), JSON.stringify({ ...spec.process, args: cmd, terminal: tty, env }));
  return {
    command: context.runc.command([
      '--log',
      file('log'),
      'exec',
      '--process',
      file('process.json'),
      '--pid-file',
      file('pid'),
      ...(tty ? ['--tty'] : []),
      id,
    ]),
    pidFile: file('pid'),
    logFile: file('log'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Why a process did not start; undefined when it did, and the exit code is its own. */
export async function execFailure(files: ExecFiles): Promise<string | undefined> {
  if ((await readTextIfExists(files.pidFile)) !== undefined) return undefined;
  return runcMessage((await readTextIfExists(files.logFile)) ?? '') || 'the process could not be started';
}

/** As containerd words it. */
export function execError(id: string, why: string): CriError {
  return new CriError(
    'Unknown',
    `failed to exec in container: failed to start exec "${id.slice(0, 12)}": OCI runtime exec failed: ${why}: unknown`,
  );
}

/** Beyond this, what a command writes is cut off: probes and hooks say little. containerd's limit. */
const maxOutputBytes = 16 << 20;

/** Runs a command in a container and waits for it; throws `DeadlineExceeded` when it takes too long. */
export async function execSync(
  context: Context,
  request: ExecSyncRequest,
  signal?: AbortSignal,
): Promise<ExecSyncResponse> {
  const { id } = requireRunning(context, request.containerId);
  if (request.cmd.length === 0) throw new CriError('InvalidArgument', 'exec cmd must not be empty');
  const files = await prepareExec(context, id, request.cmd, false);
  const timeout = new AbortController();
  const timer = request.timeout > 0 ? context.clock.timer(request.timeout * 1000, () => timeout.abort()) : undefined;
  try {
    const result = await runAndKill(
      context,
      files,
      signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
    );
    if (timeout.signal.aborted)
      throw new CriError(
        'DeadlineExceeded',
        `command ${JSON.stringify(request.cmd)} timed out after ${request.timeout}s`,
      );
    const failure = result.exitCode === 0 ? undefined : await execFailure(files);
    if (failure) throw execError(id, failure);
    return result;
  } finally {
    timer?.cancel();
    await files.remove();
  }
}

/** What the OCI runtime gets to take note that the process in the container is dead. */
const reapMs = 5000;

/**
 * Runs the process; when the signal aborts, kills it in the container and waits no longer for its output, but for the
 * OCI runtime, its parent, to take note of its end: a dead process without a parent would stay with the container's first.
 */
async function runAndKill(context: Context, files: ExecFiles, signal: AbortSignal): Promise<ExecSyncResponse> {
  const [program, ...args] = files.command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code) => resolve(code ?? 137));
  const reaped = new Promise<void>((tell) => child.once('exit', () => tell()));
  const giveUp = async (): Promise<void> => {
    const over = new AbortController();
    if (await killExec(files.pidFile)) await Promise.race([reaped, context.clock.sleep(reapMs, over.signal)]);
    over.abort();
    child.kill('SIGKILL');
    resolve(137);
  };
  const onAbort = (): void => void giveUp().catch(reject);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await promise;
    return { stdout: stdout(), stderr: stderr(), exitCode };
  } finally {
    signal.removeEventListener('abort', onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Kills a process in a container by its PID on the node; false when it does not run (yet). */
async function killExec(pidFile: string): Promise<boolean> {
  const pid = Number(await readTextIfExists(pidFile));
  return pid > 0 && kill(pid);
}

function collect(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < maxOutputBytes) chunks.push(chunk.subarray(0, maxOutputBytes - bytes));
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks);
}
