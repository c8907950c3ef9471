import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type * as workerThreads from 'node:worker_threads';
import type * as koffiModule from 'koffi';
import { startWorker } from '../native/worker.ts';

/**
 * What runs in the thread: it joins the monitor's socket, which carries packets and which Node.js cannot read, and
 * passes packets on over a plain stream, each with its length before it.
 */
function pumping({ folder, koffiPath }: { folder: number; koffiPath: string }, require: NodeJS.Require): void {
  const { parentPort } = require('node:worker_threads') as typeof workerThreads;
  const { load } = require(koffiPath) as typeof koffiModule;
  const libc = load(null);
  const socket = libc.func('int socket(int family, int type, int protocol)');
  const socketpair = libc.func('int socketpair(int family, int type, int protocol, _Out_ int *pair)');
  const connect = libc.func('int connect(int fd, const void *address, uint length)');
  const poll = libc.func('int poll(_Inout_ uint8_t *fds, ulong count, int timeout)');
  const read = libc.func('long read(int fd, _Out_ uint8_t *buffer, size_t length)');
  const send = libc.func('long send(int fd, const uint8_t *buffer, size_t length, int flags)');
  const shutdown = libc.func('int shutdown(int fd, int how)');
  const close = libc.func('int close(int fd)');
  const [unix, stream, packets, closeOnExec, noSignal] = [1, 1, 5, 0o2000000, 0x4000];
  const [readable, hungUp, writeSide] = [1, 0x18, 1];
  const wakeMs = 2000; // between two waits the thread can be told to end

  const monitor = socket(unix, packets | closeOnExec, 0) as number;
  const path = Buffer.from(`/proc/self/fd/${folder}/attach\0`); // names of sockets are short, paths of bundles are not
  const address = Buffer.concat([Buffer.from([unix, 0]), path]);
  const pair = [0, 0];
  const failed =
    (connect(monitor, address, address.length) as number) !== 0 ||
    (socketpair(unix, stream | closeOnExec, 0, pair) as number) !== 0;
  if (failed) {
    close(monitor);
    parentPort?.postMessage(-1, []);
    return;
  }
  const [ours = -1, theirs = -1] = pair;
  parentPort?.postMessage(theirs, []);

  const buffer = Buffer.alloc(64 << 10);
  const sendAll = (to: number, bytes: Buffer): boolean => {
    for (let sent = 0; sent < bytes.length;) {
      const count = Number(send(to, bytes.subarray(sent), bytes.length - sent, noSignal));
      if (count <= 0) return false;
      sent += count;
    }
    return true;
  };
  const fromMonitor = (): boolean => {
    const count = Number(read(monitor, buffer, buffer.length));
    if (count <= 0) return false;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(count);
    return sendAll(ours, Buffer.concat([length, buffer.subarray(0, count)]));
  };
  let listens = true;
  const toMonitor = (): boolean => {
    const count = Number(read(ours, buffer, 8 << 10));
    if (count > 0) return sendAll(monitor, buffer.subarray(0, count));
    listens = false; // the end of input; output goes on
    shutdown(monitor, writeSide);
    return true;
  };
  for (let goesOn = true; goesOn;) {
    const fds = Buffer.alloc(16);
    fds.writeInt32LE(monitor, 0);
    fds.writeInt16LE(readable, 4);
    fds.writeInt32LE(ours, 8);
    fds.writeInt16LE(listens ? readable : 0, 12);
    if ((poll(fds, 2, wakeMs) as number) < 0) continue;
    const [events, answers] = [fds.readInt16LE(6), fds.readInt16LE(14)];
    if (answers & readable) goesOn = toMonitor();
    else if (answers & hungUp) goesOn = false;
    if (goesOn && events & (readable | hungUp)) goesOn = fromMonitor();
  }
  close(monitor);
  close(ours);
}

/** What came from a container. */
export interface AttachPacket {
  stream: 'stdout' | 'stderr';
  data: Buffer;
}

/** The first process of a container: its output from now on, and its input. */
export class AttachSocket {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Joins the monitor whose bundle this is. */
  static async open(bundle: string): Promise<AttachSocket> {
    const folder = openSync(bundle, 'r');
    try {
      const worker = startWorker(pumping, { folder });
      const [descriptor] = (await once(worker, 'message')) as [number];
      worker.unref();
      if (descriptor < 0) throw new Error('the container cannot be attached to: its monitor does not answer');
      return new AttachSocket(new Socket({ fd: descriptor, readable: true, writable: true, allowHalfOpen: true }));
    } finally {
      closeSync(folder);
    }
  }

  /** Input for the container; ending it ends the container's input, as far as the container lets it. */
  get input(): Socket {
    return this.#socket;
  }

  /** Output, until the container ends. */
  async *packets(): AsyncGenerator<AttachPacket> {
    let pending = Buffer.alloc(0);
    for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE()) {
        const end = 4 + pending.readUInt32BE();
        const packet = pending.subarray(4, end);
        pending = pending.subarray(end);
        yield { stream: packet[0] === 3 ? 'stderr' : 'stdout', data: packet.subarray(1) };
      }
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
