import { jsonLine } from '../encoding/encode-object.ts';
import type { Exchange } from '../http/exchange.ts';
import { mediaTypes } from '../http/negotiate.ts';
import { mustProduce, producible } from '../http/producible.ts';
import { methodNotAllowed } from './route.ts';

/** Answers a path with JSON. Throws MethodNotAllowed, and NotAcceptable where the route says what it produces. */
export async function respondJson(
  exchange: Exchange,
  value: object,
  contentType: string = mediaTypes.json,
  types: readonly string[] = producible.json,
): Promise<void> {
  mustRead(exchange, types);
  await exchange.send(200, contentType, jsonLine(value, true));
}

export async function respondText(exchange: Exchange, text: string, code = 200): Promise<void> {
  exchange.header('X-Content-Type-Options', 'nosniff');
  await exchange.send(code, 'text/plain; charset=utf-8', text);
}

/** A route of upstream's container that reads. Throws MethodNotAllowed, for HEAD too, and NotAcceptable. */
export function mustRead({ method, headers }: Exchange, types: readonly string[]): void {
  if (method !== 'GET') throw methodNotAllowed();
  mustProduce(types, headers.accept);
}
