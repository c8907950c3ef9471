/**
 * Bytes on their way to a client: as such, or as text of nothing but ASCII, each character of which is a byte. Text need not
 * be copied out of V8's heap before it is sent, and what is kept there is not a burden as a buffer of its own is, which V8
 * collects the whole heap for when there are many.
 */
export type Piece = Uint8Array | string;

/** A text as it can be sent: bytes where it is not all ASCII. */
export type TextPiece = Buffer | string;

export function pieceOf(text: string): TextPiece {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** The piece from `start` to `end`, in bytes; as `slice` and `subarray` take them. */
export function partOf(piece: TextPiece, start: number, end?: number): TextPiece;
export function partOf(piece: Piece, start: number, end?: number): Piece;
export function partOf(piece: Piece, start: number, end?: number): Piece {
  return typeof piece === 'string' ? piece.slice(start, end) : piece.subarray(start, end);
}

/** Copies a piece into a buffer that has room for it; returns how many bytes it has. */
export function copyPiece(piece: Piece, target: Buffer, at: number): number {
  if (typeof piece === 'string') return target.write(piece, at, 'latin1');
  target.set(piece, at);
  return piece.length;
}

/** All of them as one buffer. */
export function joinPieces(pieces: readonly Piece[]): Buffer {
  const all = Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) at += copyPiece(piece, all, at);
  return all;
}
