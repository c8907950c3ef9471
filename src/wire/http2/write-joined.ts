import type { Writable } from 'node:stream';

/** A socket is given pieces of at most this: each costs more than its bytes, and what is much larger waits in memory. */
const joinedBytes = 512 * 1024;
/** What is no larger comes out of Node's own pool. */
const littleBytes = 4096;
/** How many buffers are kept for the next time. */
const keptBuffers = 4;

/**
 * Buffers that are used again. A new one each time is memory outside of V8's heap, for which it collects the whole heap:
 * that took more than half of a LIST.
 */
const kept: Buffer[] = [];

/** Pieces that go to the socket as one. */
interface Run {
  pieces: Buffer[];
  bytes: number;
}

/** Writes pieces to a socket as few large ones. False when the socket has enough to do. */
export function writeJoined(socket: Writable, pieces: readonly Buffer[]): boolean {
  let goesOn = true;
  for (const run of runsOf(pieces)) goesOn = writeRun(socket, run);
  return goesOn;
}

function runsOf(pieces: readonly Buffer[]): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const piece of pieces) {
    if (!run || run.bytes + piece.length > joinedBytes) runs.push((run = { pieces: [], bytes: 0 }));
    run.pieces.push(piece);
    run.bytes += piece.length;
  }
  return runs;
}

function writeRun(socket: Writable, { pieces, bytes }: Run): boolean {
  const [first] = pieces;
  if (pieces.length === 1 && first) return socket.write(first);
  if (bytes <= littleBytes) return socket.write(Buffer.concat(pieces, bytes));
  const buffer = kept.pop() ?? Buffer.allocUnsafeSlow(joinedBytes);
  let at = 0;
  for (const piece of pieces) at += piece.copy(buffer, at);
  return socket.write(buffer.subarray(0, at), () => {
    if (kept.length < keptBuffers) kept.push(buffer);
  });
}
