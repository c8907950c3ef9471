import { randomInt, type Random } from '#base';
import { formatYaml, notAcceptable } from '#machinery';
import { jsonLine } from '../encoding/encode-object.ts';
import type { PathHandler } from '../handlers/dispatch.ts';
import { parseAccept } from '../http/accept.ts';
import type { Exchange } from '../http/exchange.ts';
import { mediaTypes } from '../http/negotiate.ts';

/** A page for people who look into a running component, of which machines may ask a structured form. */
export interface ZPage {
  /** `statusz`. */
  readonly name: string;
  /** `Statusz`, of config.k8s.io. */
  readonly kind: string;
  /** What stands in it, beside its name. */
  readonly fields: () => object;
  /** The same for people, with this between a name and its value. */
  readonly text: (separator: string) => string;
}

/** Upstream draws one for each answer, so that nobody takes the text for something to parse. */
const separators = [':', ': ', '=', ' '];
const structured = ['json', 'yaml'] as const;
const versions = ['v1alpha1', 'v1beta1'];

type Form = { readonly encoding: 'text' } | { readonly encoding: 'json' | 'yaml'; readonly version: string };

/** Serves `/statusz` or `/flagz` (`apiserver/pkg/server/statusz`): text, unless its kind is asked for by name. */
export function zPageHandler(page: ZPage, random: Random): PathHandler {
  return async (exchange) => {
    if (exchange.path !== `/${page.name}`) return false;
    exchange.route = exchange.path;
    const form = formOf(exchange.headers.accept ?? '', page.kind);
    if (form.encoding === 'text') await sendText(exchange, page, random);
    else await sendStructured(exchange, page, form);
    return true;
  };
}

async function sendText(exchange: Exchange, { name, text }: ZPage, random: Random): Promise<void> {
  const separator = separators[randomInt(random, separators.length)] ?? ' ';
  const body = `
apiserver ${name}
Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.
${text(separator)}`;
  await exchange.send(200, 'text/plain; charset=utf-8', body);
}

async function sendStructured(
  exchange: Exchange,
  { name, kind, fields }: ZPage,
  { encoding, version }: Extract<Form, { version: string }>,
): Promise<void> {
  if (version === 'v1alpha1') {
    exchange.header(
      'Warning',
      `299 - "This version of the ${name} endpoint is deprecated. Please use a newer version."`,
    );
  }
  const object = { kind, apiVersion: `config.k8s.io/${version}`, metadata: { name: 'apiserver' }, ...fields() };
  const body = encoding === 'yaml' ? Buffer.from(formatYaml(object)) : jsonLine(object, true);
  await exchange.send(200, `${mediaTypes[encoding]};g=config.k8s.io;v=${version};as=${kind}`, body);
}

/** Text takes no parameters and the others need them. Throws NotAcceptable. */
function formOf(accept: string, kind: string): Form {
  if (accept.trim() === '') return { encoding: 'text' };
  for (const { type, subtype, params } of parseAccept(accept)) {
    const { as, g, v } = params;
    const isAny = type === '*' && subtype === '*';
    for (const encoding of structured) {
      if (!isAny && !(type === 'application' && (subtype === '*' || subtype === encoding))) continue;
      if (as === kind && g === 'config.k8s.io' && v !== undefined && versions.includes(v))
        return { encoding, version: v };
    }
    const isText = isAny || (type === 'text' && (subtype === '*' || subtype === 'plain'));
    if (isText && as === undefined && g === undefined && v === undefined) return { encoding: 'text' };
  }
  throw notAcceptable('only the following media types are accepted: application/json, application/yaml, text/plain');
}
