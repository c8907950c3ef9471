import { generic } from '#machinery';
import { mediaTypes } from './negotiate.ts';

const { json, yaml, protobuf } = mediaTypes;

/** What the routes of upstream's go-restful container produce, in the order in which errors list it. */
export const producible = {
  object: [json, yaml, protobuf],
  list: [json, yaml, protobuf, `${json};stream=watch`, `${protobuf};stream=watch`],
  json: [json],
  keys: ['application/jwk-set+json'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * Throws NotAcceptable for an Accept header that names none of `types`. go-restful looks at that before anything is
 * negotiated, and knows of all wildcards only the whole one (`route.matchesAccept`).
 */
export function mustProduce(types: readonly string[], accept: string | undefined): void {
  if (!accept) return;
  for (let start = 0; start < accept.length;) {
    const comma = accept.indexOf(',', start);
    const end = comma < 0 ? accept.length : comma;
    if (isProducible(types, accept.slice(start, end))) return;
    start = end + 1;
  }
  const message = `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`;
  throw generic({ code: 406, reason: 'NotAcceptable', message, details: {} });
}

function isProducible(types: readonly string[], range: string): boolean {
  const parameters = range.indexOf(';');
  const type = (parameters < 0 ? range : range.slice(0, parameters)).trim();
  return type === '*/*' || types.includes(type);
}
