import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { once } from 'node:events';
import type { ExecRequest } from '#cri';
import type { RemoteStreams } from '#wire';
import { requireRunning } from '../container/container-config.ts';
import { execError, execFailure, prepareExec, type ExecFiles } from '../container/exec-sync.ts';
import type { Context } from '../context.ts';
import { openTerminal, resizeTerminal } from '../native/libc.ts';

/** Runs a command in a container with the client at its streams; returns its exit code. */
export async function serveExec(context: Context, request: ExecRequest, streams: RemoteStreams): Promise<number> {
  const { id } = requireRunning(context, request.containerId);
  const files = await prepareExec(context, id, request.cmd, request.tty);
  try {
    const code = await (request.tty ? withTerminal(files, streams) : withPipes(files, streams));
    const failure = code === 0 ? undefined : await execFailure(files);
    if (failure) throw execError(id, failure);
    return code;
  } finally {
    await files.remove();
  }
}

async function withPipes(files: ExecFiles, streams: RemoteStreams): Promise<number> {
  const [program, ...args] = files.command;
  const child = spawn(program, args, { stdio: [streams.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'], env: {} });
  // the process in the container goes on when the client leaves, as with containerd; it only loses its streams
  void streams.closed.then(() => child.kill('SIGKILL'));
  return connect(child, streams);
}

/**
 * With a terminal the OCI runtime makes one in the container and copies between it and its own input and output. Its
 * stderr is a terminal of ours, from which it takes the size: we resize that one and tell it so.
 */
async function withTerminal(files: ExecFiles, streams: RemoteStreams): Promise<number> {
  const [program, ...args] = files.command;
  const terminal = openTerminal();
  try {
    const child = spawn(program, args, { stdio: [streams.stdin ? 'pipe' : 'ignore', 'pipe', terminal.slave], env: {} });
    void streams.closed.then(() => child.kill('SIGHUP')); // which it hands on
    followSize(terminal.master, child, streams).catch(() => child.kill('SIGHUP'));
    const code = await connect(child, streams);
    return code;
  } finally {
    closeSync(terminal.slave);
    closeSync(terminal.master);
  }
}

async function followSize(master: number, child: ChildProcess, { resize }: RemoteStreams): Promise<void> {
  if (!resize) return;
  for await (const { Width, Height } of resize) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    resizeTerminal(master, Height, Width);
    child.kill('SIGWINCH');
  }
}

async function connect(child: ChildProcess, streams: RemoteStreams): Promise<number> {
  const exited = once(child, 'close') as Promise<[number | null]>;
  if (child.stdin && streams.stdin) {
    child.stdin.on('error', () => {}); // the process may end without reading everything
    streams.stdin.pipe(child.stdin);
  }
  pass(child.stdout, streams.stdout);
  pass(child.stderr, streams.stderr);
  const [code] = await exited;
  return code ?? 137;
}

/** Output that the client did not ask for is read all the same: a full pipe would stop the process. */
function pass(from: NodeJS.ReadableStream | null, to: NodeJS.WritableStream | undefined): void {
  if (!from) return;
  if (!to) return void from.resume();
  from.pipe(to, { end: false });
  to.on('error', () => from.resume());
}
