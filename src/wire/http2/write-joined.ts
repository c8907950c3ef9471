import type { Writable } from 'node:stream';
import { BufferPool } from './buffer-pool.ts';
import { copyPieces, joinPieces, type Piece } from './piece.ts';

/** A socket is given pieces of at most this: each costs more than its bytes, and what is much larger waits in memory. */
const joinedBytes = 512 * 1024;
/** What is no larger comes out of Node's own pool. */
const littleBytes = 4096;

/** For lists, and for the answers and events of one turn; an event goes to many connections at once. */
const pools = [new BufferPool(64 * 1024, 32), new BufferPool(joinedBytes, 4)];

/** Pieces that go to the socket as one. */
interface Run {
  pieces: Piece[];
  bytes: number;
}

/** Writes pieces to a socket as few large ones. False when the socket has enough to do. */
export function writeJoined(socket: Writable, pieces: readonly Piece[]): boolean {
  let goesOn = true;
  for (const run of runsOf(pieces)) goesOn = writeRun(socket, run);
  return goesOn;
}

function runsOf(pieces: readonly Piece[]): Run[] {
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
  if (pieces.length === 1 && typeof first === 'object') return socket.write(first);
  const pool = bytes > littleBytes ? pools.find(({ bufferBytes }) => bytes <= bufferBytes) : undefined;
  const buffer = pool?.take();
  if (!pool || !buffer) return socket.write(joinPieces(pieces));
  return socket.write(copyPieces(pieces, buffer), () => pool.give(buffer));
}
