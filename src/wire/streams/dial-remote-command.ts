import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ChannelSocket } from './channel-socket.ts';
import { dialSpdy, dialWebSocket, type DialTarget } from './dial.ts';
import type { StatusLike } from './remote-command.ts';
import type { TerminalSize } from './terminal-size.ts';

export interface DialRemoteCommand extends DialTarget {
  /** Default WebSocket. */
  transport?: 'websocket' | 'spdy';
  /** Protocols to offer; default v5 over WebSocket, v4 over SPDY. */
  protocols?: readonly string[];
  stdin?: boolean;
  stdout?: boolean;
  stderr?: boolean;
  tty?: boolean;
}

/** The client's end of an exec or attach. */
export interface RemoteCommand {
  protocol: string;
  stdin?: Writable;
  stdout?: Readable;
  stderr?: Readable;
  /** How it ended; `undefined` when the connection broke before the server said so. */
  status: Promise<StatusLike | undefined>;
  resize(size: TerminalSize): void;
  close(): void;
  closed: Promise<void>;
}

/** Asks for an exec or attach. Throws an `UpgradeError` when refused. */
export function dialRemoteCommand(options: DialRemoteCommand): Promise<RemoteCommand> {
  return options.transport === 'spdy' ? overSpdy(options) : overWebSocket(options);
}

async function overWebSocket(options: DialRemoteCommand): Promise<RemoteCommand> {
  const socket = await dialWebSocket(options, options.protocols ?? ['v5.channel.k8s.io', 'v4.channel.k8s.io']);
  const { protocol } = socket;
  const channels = new ChannelSocket(socket, protocol);
  const { stdin, stdout, stderr, tty } = options;
  const input = stdin ? channels.open(0) : undefined;
  // Only v5 can say that the input has ended.
  if (protocol.startsWith('v5.')) input?.once('finish', () => channels.sendClose(0));
  const sizes = tty ? channels.open(4) : undefined;
  return {
    protocol,
    ...(input && { stdin: input }),
    ...(stdout && { stdout: channels.open(1) }),
    ...(stderr && { stderr: channels.open(2) }),
    status: statusOf(channels.open(3), protocol),
    resize: (size) => void sizes?.write(`${JSON.stringify(size)}\n`),
    close: () => channels.close(),
    closed: channels.closed,
  };
}

async function overSpdy(options: DialRemoteCommand): Promise<RemoteCommand> {
  const { connection, protocol } = await dialSpdy(options, options.protocols ?? ['v4.channel.k8s.io']);
  const open = (streamtype: string) => connection.createStream({ streamtype });
  const { stdin, stdout, stderr, tty } = options;
  const error = open('error');
  const status = statusOf(error, protocol);
  error.end();
  const input = stdin ? open('stdin') : undefined;
  input?.resume();
  const sizes = tty ? open('resize') : undefined;
  return {
    protocol,
    ...(input && { stdin: input }),
    ...(stdout && { stdout: open('stdout') }),
    ...(stderr && { stderr: open('stderr') }),
    status,
    resize: (size) => void sizes?.write(`${JSON.stringify(size)}\n`),
    close: () => connection.close(),
    closed: connection.closed,
  };
}

/** Before v4 only a failure is told, and only its message. */
async function statusOf(stream: Readable, protocol: string): Promise<StatusLike | undefined> {
  const words = await text(stream).catch(() => '');
  if (words === '') return /^v[45]\./.test(protocol) ? undefined : { status: 'Success' };
  try {
    return JSON.parse(words) as StatusLike; // whatever it is, its fields are optional
  } catch {
    return { status: 'Failure', message: words };
  }
}
