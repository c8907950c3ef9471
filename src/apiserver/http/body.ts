import { badRequest, tooLarge } from '#machinery';
import type { Exchange } from './exchange.ts';

/** The most that a request may carry (`apiserver/pkg/server/config.go`). */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Reads the whole body. Throws RequestEntityTooLarge, BadRequest when the client breaks off. */
export async function readBody(exchange: Exchange): Promise<Buffer> {
  if (!exchange.mayHaveBody) return Buffer.alloc(0);
  const { body } = exchange;
  if (Number(exchange.headers['content-length'] ?? 0) > maxBodyBytes) {
    body.resume();
    throw overLimit();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    // The rest is read and dropped: an answer can only be seen by a client that may finish writing.
    if (size > maxBodyBytes) reject(overLimit());
    else chunks.push(chunk);
  });
  body.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  body.on('error', () => reject(badRequest('unexpected EOF')));
  body.on('aborted', () => reject(badRequest('unexpected EOF')));
  return promise;
}

function overLimit(): Error {
  return tooLarge(`limit is ${maxBodyBytes}`);
}
