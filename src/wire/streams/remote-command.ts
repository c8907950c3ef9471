import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import { systemClock, type Clock } from '#base';
import type { SpdyConnection } from '../spdy/connection.ts';
import type { SpdyStream } from '../spdy/stream.ts';
import { ChannelSocket } from './channel-socket.ts';
import { end } from './ended.ts';
import { acceptSpdy } from './spdy-upgrade.ts';
import { terminalSizes, type TerminalSize } from './terminal-size.ts';
import { isWebSocketRequest, UpgradeError, type Upgrade } from './upgrade.ts';
import { acceptWebSocket } from './websocket-upgrade.ts';

/** Which streams the client asked for. With a terminal there is no stderr: the terminal carries both. */
export interface RemoteCommandOptions {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
  clock?: Clock;
}

/** What of `metav1.Status` matters here. */
export interface StatusLike {
  status?: string;
  message?: string;
}

/** The server's end of an exec or attach. */
export interface RemoteStreams {
  /** Ends when the client closes it, or is gone. */
  stdin?: Readable;
  stdout?: Writable;
  stderr?: Writable;
  /** Carries how it ended; `writeStatus` puts it in the words of the protocol's version. */
  error: Writable;
  /** Sizes of the client's terminal; only with `tty`. */
  resize?: AsyncIterable<TerminalSize>;
  /** Says how it ended: an exit code stands in the causes of a Failure with reason `NonZeroExitCode`. */
  writeStatus(status: StatusLike): void;
  /** Hands over what was written, then closes. */
  close(): void;
  /** Resolves when the connection is over, whoever ended it. */
  closed: Promise<void>;
}

/** Older protocols carry the message of a failure where v4 and v5 carry a whole Status. */
const plainStatusProtocols = ['v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io', 'base64.channel.k8s.io'];
const spdyProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', ...plainStatusProtocols.slice(0, 3)];
const webSocketProtocols = [
  'v5.channel.k8s.io',
  'v5.base64.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];
const streamTimeoutMs = 30_000;

/**
 * Accepts an exec or attach over WebSocket or SPDY, and resolves when all its streams are there. Throws an
 * `UpgradeError` when the client is refused (it has been told), or does not open its streams in time.
 */
export async function acceptRemoteCommand(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: RemoteCommandOptions,
): Promise<RemoteStreams> {
  const wanted = { ...options, stderr: options.stderr && !options.tty };
  const upgrade = { req, socket, head };
  return isWebSocketRequest(req) ? overWebSocket(upgrade, wanted) : overSpdy(upgrade, wanted);
}

function overWebSocket(upgrade: Upgrade, { stdin, stdout, stderr, tty }: RemoteCommandOptions): RemoteStreams {
  const { socket, protocol } = acceptWebSocket(upgrade, {
    protocols: webSocketProtocols,
    fallback: 'channel.k8s.io',
  });
  const channels = new ChannelSocket(socket, protocol);
  const error = channels.open(3);
  const streams = {
    ...(stdin && { stdin: channels.open(0) }),
    stdout: stdout ? channels.open(1) : undefined,
    stderr: stderr ? channels.open(2) : undefined,
    ...(tty && { resize: terminalSizes(channels.open(4)) }),
    error,
  };
  for (const written of [streams.stdout, streams.stderr, error]) written?.resume(); // nothing comes here
  // Some clients take the first message for the sign that the command runs.
  channels.announce(stdout ? 1 : stderr ? 2 : 3);
  return withEnding(streams, protocol, {
    closed: channels.closed,
    close: async () => {
      await endAll(streams);
      channels.close();
    },
  });
}

async function overSpdy(upgrade: Upgrade, options: RemoteCommandOptions): Promise<RemoteStreams> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const arrived = new Map<string, SpdyStream>();
  const expected = new Set<string>();
  const { connection, protocol } = acceptSpdy(upgrade, {
    protocols: spdyProtocols,
    clock: options.clock,
    onStream: (stream) => {
      const type = stream.headers.streamtype ?? '';
      if (!expected.delete(type)) return false;
      arrived.set(type, stream);
      if (expected.size === 0) resolve();
      return true;
    },
  });
  for (const type of expectedStreams(protocol, options)) expected.add(type);
  await withinTime(promise, connection, options.clock ?? systemClock);
  return spdyStreams(connection, protocol, arrived);
}

function expectedStreams(protocol: string, { stdin, stdout, stderr, tty }: RemoteCommandOptions): string[] {
  const resizes = tty && protocol !== 'v2.channel.k8s.io' && protocol !== 'channel.k8s.io';
  const wanted = { error: true, stdin, stdout, stderr, resize: resizes };
  return Object.entries(wanted)
    .filter(([, is]) => is)
    .map(([type]) => type);
}

async function withinTime(streams: Promise<void>, connection: SpdyConnection, clock: Clock): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = clock.timer(streamTimeoutMs, () =>
    reject(new UpgradeError(408, 'timed out waiting for client to create streams')),
  );
  const gone = connection.closed.then(() => reject(new UpgradeError(400, 'the client is gone')));
  try {
    await Promise.race([streams, promise, gone]);
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    timer.cancel();
  }
}

function spdyStreams(
  connection: SpdyConnection,
  protocol: string,
  arrived: ReadonlyMap<string, SpdyStream>,
): RemoteStreams {
  const [stdin, stdout, stderr, resize] = ['stdin', 'stdout', 'stderr', 'resize'].map((type) => arrived.get(type));
  const error = arrived.get('error');
  if (!error) throw new Error('the error stream is always among those waited for');
  for (const written of [stdout, stderr, error]) written?.resume(); // nothing is sent here but its end
  return withEnding(
    {
      ...(stdin && { stdin }),
      ...(stdout && { stdout }),
      ...(stderr && { stderr }),
      ...(resize && { resize: terminalSizes(resize) }),
      error,
    },
    protocol,
    { closed: connection.closed, close: () => connection.finish() },
  );
}

function withEnding(
  streams: Omit<RemoteStreams, 'writeStatus' | 'close' | 'closed'>,
  protocol: string,
  { closed, close }: { closed: Promise<void>; close: () => Promise<void> },
): RemoteStreams {
  const plain = plainStatusProtocols.includes(protocol);
  let closing = false;
  return {
    ...streams,
    closed,
    writeStatus: (status) => {
      if (!plain) streams.error.write(JSON.stringify(status));
      else if (status.status !== 'Success') streams.error.write(status.message ?? 'unknown error');
    },
    close: () => {
      if (closing) return;
      closing = true;
      void close(); // neither of the two rejects
    },
  };
}

async function endAll({ stdout, stderr, error }: Pick<RemoteStreams, 'stdout' | 'stderr' | 'error'>): Promise<void> {
  await Promise.all([stdout, stderr, error].filter((stream) => stream !== undefined).map((stream) => end(stream)));
}
