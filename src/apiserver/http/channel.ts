import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Piece } from '#wire';

/** Pieces of an answer that leave together; between two groups others have their turn. */
export type Group = readonly Piece[];

/** The two directions of one request, whichever version of HTTP carries it. */
export interface Channel {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The request's body. */
  readonly body: Readable;
  /** The whole of it; rejects with `onTooLarge()` past the limit, and when the client breaks off. */
  collectBody(limit: number, onTooLarge: () => Error): Promise<Buffer>;
  /** False where it is known that no body comes. */
  readonly mayHaveBody: boolean;
  /** The TLS socket, or a stand-in of it that can be read from. */
  readonly socket: unknown;
  /** Answers with a whole body. `headers` are names and values in turn. */
  respond(code: number, headers: readonly string[], body: Group): void;
  /** Sends the head of an answer whose end is not known. */
  start(code: number, headers: readonly string[]): void;
  /** False when the client does not keep up; `onDrain` then tells when it does. */
  write(chunk: Piece): boolean;
  /** The same with many chunks at once, which costs less. */
  writeAll(chunks: Group): boolean;
  end(): void;
  /** Breaks the answer off, so that nobody takes it for whole. */
  destroy(): void;
  onDrain(listener: () => void): void;
  /** Tells when the answer has left, or the client has gone. */
  onClose(listener: () => void): void;
}

/** The connection of an HTTP/1 request that asks to upgrade. */
export interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  /** Takes the connection away from HTTP: from now on its bytes are the caller's. */
  release: () => void;
  /** Gives it back for an answer, where nothing was written yet. */
  restore: () => void;
}
