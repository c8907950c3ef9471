import { badRequest, isStatusError, tooLarge } from '#machinery';
import type { Exchange } from './exchange.ts';

/** The most that a request may carry (`apiserver/pkg/server/config.go`). */
export const maxBodyBytes = 3 * 1024 * 1024;

/** Reads the whole body. Throws RequestEntityTooLarge, BadRequest when the client breaks off. */
export async function readBody(exchange: Exchange): Promise<Buffer> {
  if (!exchange.mayHaveBody) return Buffer.alloc(0);
  if (Number(exchange.headers['content-length'] ?? 0) > maxBodyBytes) {
    exchange.body.resume();
    throw overLimit();
  }
  try {
    return await exchange.collectBody(maxBodyBytes, overLimit);
  } catch (error) {
    throw isStatusError(error) ? error : badRequest('unexpected EOF');
  }
}

function overLimit(): Error {
  return tooLarge(`limit is ${maxBodyBytes}`);
}
