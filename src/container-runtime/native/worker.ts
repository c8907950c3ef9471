import { Worker } from 'node:worker_threads';
import { koffiPath } from './libc.ts';

/**
 * Runs a function in a thread of its own, for system calls that wait or that change the calling thread. The function is
 * passed as its text: it sees nothing but its argument and what it requires, so that it also works from a bundle.
 */
export function startWorker<T extends object>(
  body: (data: T & { koffiPath: string }, require: NodeJS.Require) => void,
  data: T,
): Worker {
  // A bundler that keeps names wraps inner functions in a call of `__name`.
  const source = `const __name = (named) => named; (${body.toString()})(require('node:worker_threads').workerData, require)`;
  return new Worker(source, { eval: true, workerData: { ...data, koffiPath: koffiPath() }, stdin: false });
}
