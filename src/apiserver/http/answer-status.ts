import { isStatusError, type Status } from '#machinery';
import { encodeObject } from '../encoding/encode-object.ts';
import type { Exchange } from './exchange.ts';
import { mediaTypes, negotiate, type Format } from './negotiate.ts';

/** Answers with a Status in the format that the client reads; JSON where it reads none of ours. */
export async function answerStatus(exchange: Exchange, status: Status): Promise<void> {
  if (exchange.answered) return;
  const seconds = status.details?.retryAfterSeconds ?? 0;
  if (seconds > 0) exchange.header('Retry-After', String(seconds));
  const format = formatFor(exchange);
  // Upstream writes what the client does not read for people, without a line end (`WriteRawJSON`).
  const body = format ? encodeObject(status, format) : Buffer.from(JSON.stringify(status, undefined, 2));
  await exchange.send(status.code ?? 200, mediaTypes[format?.encoding ?? 'json'], body);
}

/** Undefined where the client reads none of ours. */
function formatFor(exchange: Exchange): Format | undefined {
  try {
    return negotiate(exchange.negotiation);
  } catch (error) {
    if (isStatusError(error, 'NotAcceptable')) return undefined;
    throw error;
  }
}
