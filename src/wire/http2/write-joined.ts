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

/** Writes pieces to a socket as few large ones. False when the socket has enough to do. */
export function writeJoined(socket: Writable, pieces: readonly Buffer[]): boolean {
  let goesOn = true;
  for (let from = 0; from < pieces.length; ) {
    const { until, bytes } = runFrom(pieces, from);
    goesOn = writeRun(socket, pieces, { from, until, bytes });
    from = until;
  }
  return goesOn;
}

/** How many pieces go together, and their bytes; one at least. */
function runFrom(pieces: readonly Buffer[], from: number): { until: number; bytes: number } {
  let bytes = pieces[from]?.length ?? 0;
  let until = from + 1;
  for (; until < pieces.length; until++) {
    const { length } = pieces[until]!; // it is one of them
    if (bytes + length > joinedBytes) break;
    bytes += length;
  }
  return { until, bytes };
}

function writeRun(
  socket: Writable,
  pieces: readonly Buffer[],
  { from, until, bytes }: { from: number; until: number; bytes: number },
): boolean {
  const [first] = pieces.slice(from, from + 1);
  if (until === from + 1 && first) return socket.write(first);
  if (bytes <= littleBytes) return socket.write(Buffer.concat(pieces.slice(from, until), bytes));
  const buffer = kept.pop() ?? Buffer.allocUnsafeSlow(joinedBytes);
  let at = 0;
  for (let i = from; i < until; i++) at += pieces[i]!.copy(buffer, at);
  return socket.write(buffer.subarray(0, at), () => {
    if (kept.length < keptBuffers) kept.push(buffer);
  });
}
