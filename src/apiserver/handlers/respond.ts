import { encodeObject, jsonLine } from '../encoding/encode-object.ts';
import type { Exchange } from '../http/exchange.ts';
import { mediaTypes, negotiate } from '../http/negotiate.ts';
import { methodNotAllowed } from './route.ts';

/** Answers a path with a document of the API, in the encoding that the client asked for. */
export async function respondObject(exchange: Exchange, object: object): Promise<void> {
  mustGet(exchange);
  const format = negotiate(exchange.negotiation);
  // Discovery documents have no message of their own here: who prefers protobuf reads JSON as well.
  const encoding = format.encoding === 'protobuf' ? 'json' : format.encoding;
  await exchange.send(200, mediaTypes[encoding], encodeObject(object, { ...format, encoding }));
}

/** Answers a path with JSON, whatever the client accepts. */
export async function respondJson(
  exchange: Exchange,
  value: object,
  contentType: string = mediaTypes.json,
): Promise<void> {
  mustGet(exchange);
  await exchange.send(200, contentType, jsonLine(value, true));
}

export async function respondText(exchange: Exchange, text: string, code = 200): Promise<void> {
  exchange.header('X-Content-Type-Options', 'nosniff');
  await exchange.send(code, 'text/plain; charset=utf-8', text);
}

/** Throws MethodNotAllowed for anything but reading. */
export function mustGet({ info }: Exchange): void {
  if (info.verb !== 'get' && info.verb !== 'head') throw methodNotAllowed();
}
