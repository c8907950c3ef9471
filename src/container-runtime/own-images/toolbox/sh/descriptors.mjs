import { read, writeSync } from 'node:fs';

// What commands read from and write to: a number is a descriptor of this process, anything else a stream in it.

/** The reader of what is written is gone. */
export class NobodyReads extends Error {}

export function write(to, text) {
  if (typeof to === 'number') return writeAll(to, Buffer.from(text));
  if (to.destroyed || to.writableEnded) throw new NobodyReads();
  to.write(text);
}

/** A pipe that another program made non-blocking may be full for a moment. */
function writeAll(descriptor, bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (error.code === 'EPIPE') throw new NobodyReads();
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const buffers = new WeakMap();
let pendingReads = 0;

/** One line; undefined at the end. A descriptor is read byte by byte: the rest is for the commands that share it. */
export async function readLine(from) {
  if (from === undefined) return undefined;
  if (typeof from === 'number') return readDescriptorLine(from);
  let state = buffers.get(from);
  if (!state) buffers.set(from, (state = { chunks: from[Symbol.asyncIterator](), text: '' }));
  while (!state.text.includes('\n')) {
    const next = await state.chunks.next();
    if (next.done) break;
    state.text += next.value;
  }
  if (state.text === '') return undefined;
  const end = state.text.indexOf('\n') + 1 || state.text.length + 1;
  const line = state.text.slice(0, end - 1);
  state.text = state.text.slice(end);
  return line;
}

async function readDescriptorLine(descriptor) {
  const bytes = [];
  for (;;) {
    const byte = await readByte(descriptor);
    if (byte === undefined) return bytes.length > 0 ? Buffer.from(bytes).toString() : undefined;
    if (byte === 10) return Buffer.from(bytes).toString();
    bytes.push(byte);
  }
}

async function readByte(descriptor) {
  const byte = Buffer.alloc(1);
  for (;;) {
    pendingReads++;
    const [error, count] = await new Promise((resolve) =>
      read(descriptor, byte, 0, 1, null, (...result) => resolve(result)),
    );
    pendingReads--;
    if (!error) return count === 0 ? undefined : byte[0];
    if (error.code !== 'EAGAIN') throw error;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Gives a child what its input stream holds. A loop that reads lines keeps the rest of them for itself, as nothing that
 * has gone into a child comes back.
 */
export async function feed(to, from, isInLoop) {
  const state = buffers.get(from);
  if (!state) return void from.pipe(to);
  if (!isInLoop) {
    to.write(state.text);
    state.text = '';
    for (let next = await state.chunks.next(); !next.done; next = await state.chunks.next()) to.write(next.value);
  }
  to.end();
}

/** Hands on what a child writes until it closes; a reader that is gone is told to the child by its closed pipe. */
export function flow(from, to) {
  to.once('close', () => from.destroy());
  from.on('error', () => {});
  from.pipe(to, { end: false });
  return new Promise((resolve) => from.once('close', resolve));
}

/** Ends the process. Node waits for a read that is under way, perhaps for ever: then another program takes our place. */
export function leave(code) {
  if (pendingReads > 0) process.execve(process.execPath, [process.execPath, '-e', `process.exit(${code & 255})`], {});
  process.exit(code);
}
