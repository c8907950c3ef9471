import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { runcMessage } from '../runc.ts';

export interface ConmonOptions {
  conmon: string;
  runtime: string;
  runtimeRoot: string;
  id: string;
  bundle: string;
  exitDirectory: string;
  /** Absolute; empty to log nothing. */
  logPath: string;
  terminal: boolean;
  stdin: boolean;
  /** Close stdin when the first who attached leaves. */
  stdinOnce: boolean;
}

/**
 * Starts a container's monitor, which creates the container and stays with it: it writes its log, keeps its terminal,
 * and puts down its exit code. It leaves this process's session and lives on when this process dies.
 * Returns the PID of the container's first process, which waits for `runc start`. Throws what runc said when it failed.
 */
export async function startConmon(options: ConmonOptions): Promise<number> {
  const sync = 3;
  const child = spawn(options.conmon, arguments_(options), {
    cwd: options.bundle, // it puts a file `oom` where it stands when the kernel ends the container for its memory
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', _OCI_SYNCPIPE: String(sync) },
  });
  const stderr: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`conmon: ${Buffer.concat(stderr).toString().trim() || `exit code ${code}`}`));
    });
  });
  failed.catch(() => {}); // the monitor's own line may come first
  const pipe = child.stdio[sync] as Readable;
  try {
    const line = await Promise.race([firstLine(pipe), failed]);
    return readAnswer(line);
  } finally {
    pipe.destroy(); // the monitor keeps its end open for life
    child.stderr?.destroy();
  }
}

function arguments_(options: ConmonOptions): string[] {
  const valued = {
    'api-version': '1',
    'log-level': 'error',
    cid: options.id,
    cuuid: options.id,
    name: options.id,
    runtime: options.runtime,
    'runtime-arg': `--root=${options.runtimeRoot}`,
    bundle: options.bundle,
    'container-pidfile': `${options.bundle}/pid`,
    'conmon-pidfile': `${options.bundle}/conmon.pid`,
    'exit-dir': options.exitDirectory,
    'log-path': options.logPath ? `k8s-file:${options.logPath}` : 'off',
  };
  const flags = {
    'full-attach': true, // the socket lies in the bundle, however long its path
    terminal: options.terminal,
    stdin: options.stdin,
    'leave-stdin-open': options.stdin && (!options.stdinOnce || options.terminal),
  };
  return [
    ...Object.entries(valued).flatMap(([name, value]) => [`--${name}`, value]),
    ...Object.entries(flags).flatMap(([name, given]) => (given ? [`--${name}`] : [])),
  ];
}

async function firstLine(pipe: Readable): Promise<string> {
  let text = '';
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.includes('\n')) return text;
  }
  return text;
}

/** `{"data": PID}`, or `{"data": -1, "message": "..."}`. */
function readAnswer(line: string): number {
  if (line.trim() === '') throw new Error('conmon ended without an answer');
  const answer = JSON.parse(line) as { data?: number; pid?: number; message?: string };
  const pid = answer.data ?? answer.pid ?? -1;
  if (pid <= 0) throw new Error(runcMessage(answer.message ?? 'the container could not be created'));
  return pid;
}
