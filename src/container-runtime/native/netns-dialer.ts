import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { once } from 'node:events';
import type * as workerThreads from 'node:worker_threads';
import type * as koffiModule from 'koffi';
import { startWorker } from './worker.ts';

interface DialAnswer {
  descriptor: number;
  errors: string[];
}

/** What runs in the thread: it enters the namespace for good, and connects to whatever port it is told. */
function dialing({ netns, koffiPath }: { netns: number; koffiPath: string }, require: NodeJS.Require): void {
  const { parentPort } = require('node:worker_threads') as typeof workerThreads;
  const { load, errno } = require(koffiPath) as typeof koffiModule;
  const { constants } = require('node:os') as { constants: { errno: Record<string, number> } };
  const libc = load(null);
  const setns = libc.func('int setns(int fd, int type)');
  const socket = libc.func('int socket(int family, int type, int protocol)');
  const connect = libc.func('int connect(int fd, const void *address, uint length)');
  const close = libc.func('int close(int fd)');
  const newNetwork = 0x40000000;
  const streamCloseOnExec = 1 | 0o2000000;
  const entered = (setns(netns, newNetwork) as number) === 0;
  const nameOf = (code: number): string =>
    Object.entries(constants.errno).find(([, value]) => value === code)?.[0] ?? String(code);
  const dial = (family: number, address: Buffer): number | string => {
    const descriptor = socket(family, streamCloseOnExec, 0) as number;
    if (descriptor >= 0 && (connect(descriptor, address, address.length) as number) === 0) return descriptor;
    const reason = nameOf(errno());
    if (descriptor >= 0) close(descriptor);
    return reason;
  };
  parentPort?.on('message', (port: number) => {
    const v4 = Buffer.from([2, 0, port >> 8, port & 0xff, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    const v6 = Buffer.alloc(28);
    v6.writeUInt16LE(10, 0);
    v6.writeUInt16BE(port, 2);
    v6[23] = 1; // ::1
    const errors: string[] = [];
    for (const [family, address] of [
      [2, v4],
      [10, v6],
    ] as const) {
      const result = entered ? dial(family, address) : 'the network namespace cannot be entered';
      if (typeof result === 'number') return parentPort.postMessage({ descriptor: result, errors }, []);
      errors.push(result);
    }
    parentPort.postMessage({ descriptor: -1, errors }, []);
  });
}

/**
 * Dials ports of the loopback inside a network namespace. A namespace belongs to a thread, so a thread goes in and makes
 * the connections; a connected socket stays where it was made, whoever uses it then.
 */
export class NetnsDialer {
  readonly #worker;
  readonly #netns: number;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(netnsPath: string) {
    this.#netns = openSync(netnsPath, 'r');
    this.#worker = startWorker(dialing, { netns: this.#netns });
    this.#worker.unref();
  }

  /** A connection to `localhost:port` in there. Throws in containerd's words when nobody listens. */
  async dial(port: number): Promise<Socket> {
    const answer = this.#queue.then(() => this.#ask(port));
    this.#queue = answer.catch(() => {});
    const { descriptor, errors } = await answer;
    if (descriptor < 0)
      throw new Error(`failed to connect to localhost:${port} inside namespace: ${wordsOf(errors, port)}`);
    return new Socket({ fd: descriptor, readable: true, writable: true, allowHalfOpen: true });
  }

  async #ask(port: number): Promise<DialAnswer> {
    const answered = once(this.#worker, 'message') as Promise<[DialAnswer]>;
    this.#worker.postMessage(port, []);
    return (await answered)[0];
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    closeSync(this.#netns);
  }
}

function wordsOf([v4 = '', v6 = '']: readonly string[], port: number): string {
  const word = (reason: string): string => (reason === 'ECONNREFUSED' ? 'connection refused' : reason);
  return `IPv4: dial tcp4 127.0.0.1:${port}: connect: ${word(v4)} IPv6: dial tcp6 [::1]:${port}: connect: ${word(v6)}`;
}
