import { badRequest, tooLarge } from '#machinery';
import type { Exchange } from './exchange.ts';

/** The most that a request may carry (`apiserver/pkg/server/config.go`). */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Reads the whole body. Throws RequestEntityTooLarge, BadRequest when the client breaks off. */
export async function readBody(exchange: Exchange): Promise<Buffer> {
  const { incoming } = exchange;
  const limit = tooLarge(`limit is ${maxBodyBytes}`);
  if (Number(exchange.headers['content-length'] ?? 0) > maxBodyBytes) {
    incoming.resume();
    throw limit;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    // The rest is read and dropped: an answer can only be seen by a client that may finish writing.
    if (size > maxBodyBytes) reject(limit);
    else chunks.push(chunk);
  });
  incoming.on('end', () => resolve(Buffer.concat(chunks)));
  incoming.on('error', () => reject(badRequest('unexpected EOF')));
  incoming.on('aborted', () => reject(badRequest('unexpected EOF')));
  return promise;
}
