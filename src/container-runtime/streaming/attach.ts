import type { AttachRequest, ContainerConfig } from '#cri';
import type { RemoteStreams } from '#wire';
import { AttachSocket } from '../conmon/attach-socket.ts';
import { resizeTerminalOf } from '../conmon/control.ts';
import { containerConfig, requireRunning } from '../container/container-config.ts';
import type { Context } from '../context.ts';

/** Puts the client at the streams of a container's first process, until either leaves. */
export async function serveAttach(context: Context, request: AttachRequest, streams: RemoteStreams): Promise<void> {
  const record = requireRunning(context, request.containerId);
  const bundle = context.paths.bundle(record.id);
  const socket = await AttachSocket.open(bundle);
  void streams.closed.then(() => socket.close());
  sendInput(containerConfig(record), streams, socket);
  followSize(bundle, streams).catch((error: unknown) => context.log.debug({ error, container: record.id }, 'resize'));
  try {
    for await (const { stream, data } of socket.packets()) await write(streams[stream], data);
  } catch (error) {
    context.log.debug({ error, container: record.id }, 'attach ended');
  } finally {
    socket.close();
  }
}

/**
 * What the client types. Where that ends, the container's input ends too if it is to be given once; if not, or where it is a
 * terminal, the client leaves, and does not wait for more output (containerd's `ContainerIO.Attach`).
 */
function sendInput(config: ContainerConfig, { stdin }: RemoteStreams, socket: AttachSocket): void {
  socket.input.on('error', () => {}); // the container may end while something is written to it
  if (!stdin || !config.stdin) return;
  stdin.pipe(socket.input);
  if (!config.stdinOnce || config.tty) socket.input.on('finish', () => socket.close());
}

async function followSize(bundle: string, { resize }: RemoteStreams): Promise<void> {
  if (!resize) return;
  for await (const { Width, Height } of resize) await resizeTerminalOf(bundle, Height, Width);
}

/** Writes at the client's pace. */
async function write(to: NodeJS.WritableStream | undefined, data: Buffer): Promise<void> {
  if (!to || to.write(data)) return;
  await new Promise<void>((resolve) => {
    to.once('drain', resolve);
    to.once('close', resolve);
  });
}
