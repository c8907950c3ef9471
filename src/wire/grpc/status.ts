import { encodeHeaders } from '../http2/hpack-encoder.ts';
import { isRpcError, rpcCodes } from './rpc-error.ts';

const responseHeaders = [':status', '200', 'content-type', 'application/grpc'];

/** The block of headers that an answer begins with. */
export const responseBlock = encodeHeaders(responseHeaders);
/** The block of trailers of a call that went well. */
export const okTrailers = encodeHeaders(['grpc-status', '0']);

/** The trailers of a call that failed with what a service threw. As in Go, an error without a code is `Unknown`. */
export function trailersOf(error: unknown): Buffer {
  return encodeHeaders(statusOf(error));
}

/** The whole answer of a call that failed before it gave anything. */
export function trailersOnly(error: unknown): Buffer {
  return encodeHeaders([...responseHeaders, ...statusOf(error)]);
}

function statusOf(error: unknown): string[] {
  const code = isRpcError(error) ? rpcCodes[error.code] : rpcCodes.Unknown;
  const message = error instanceof Error ? error.message : String(error);
  return ['grpc-status', String(code), 'grpc-message', percentEncoded(message)];
}

/** Printable ASCII as it is, all other bytes of UTF-8 in percents (gRPC over HTTP/2, "Percent-Encoded"). */
function percentEncoded(text: string): string {
  if (/^[ -$&-~]*$/.test(text)) return text;
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

const units: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The milliseconds that a client gives a call; undefined when it set no deadline, or none that can be read. */
export function timeoutMs(header: string | undefined): number | undefined {
  const match = header === undefined ? null : /^(\d{1,8})([HMSmun])$/.exec(header);
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 0) : undefined;
}
