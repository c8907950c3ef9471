/**
 * Bytes on their way to a client: as such, or as text of nothing but ASCII, each character of which is a byte. Text need not
 * be copied out of V8's heap before it is sent, and what is kept there is not a burden as a buffer of its own is, which V8
 * collects the whole heap for when there are many.
 */
export type Piece = Uint8Array | string;

/** A piece that is text: bytes where it is not all ASCII. */
export type TextPiece = Buffer | string;

/** A text as it can be sent. */
export function pieceOf(text: string): TextPiece {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** The piece from `start` to `end`, in bytes; as `slice` and `subarray` take them. */
export function partOf(piece: TextPiece, start: number, end?: number): TextPiece;
export function partOf(piece: Piece, start: number, end?: number): Piece;
export function partOf(piece: Piece, start: number, end?: number): Piece {
  return typeof piece === 'string' ? piece.slice(start, end) : piece.subarray(start, end);
}

/** Copies pieces into a buffer that has room for them, one behind the other; returns the part that they take. */
export function copyPieces(pieces: readonly Piece[], target: Buffer): Buffer {
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') target.write(piece, at, 'latin1');
    else target.set(piece, at);
    at += piece.length;
  }
  return target.subarray(0, at);
}

/** All of them as one buffer. */
export function joinPieces(pieces: readonly Piece[]): Buffer {
  return copyPieces(pieces, Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, 0)));
}
