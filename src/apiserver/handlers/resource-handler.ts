import { scales } from '#api';
import type { Clock, Pace, Random } from '#base';
import { formatYaml, isKubeObject, type Resource } from '#machinery';
import { pieceOf, type Piece } from '#wire';
import { forbiddenError, type Authorizer } from '../authz/attributes.ts';
import { encodeList } from '../encoding/encode-list.ts';
import { encodeObject, jsonLine } from '../encoding/encode-object.ts';
import { includeObjectOf, tableOfObject, type TableOptions } from '../encoding/table.ts';
import type { Exchange } from '../http/exchange.ts';
import { mediaTypes, negotiate, type Format } from '../http/negotiate.ts';
import { mustProduce, producible } from '../http/producible.ts';
import type { Answer, Rest } from '../registry/rest.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { VirtualRest } from './catalog.ts';
import { perform, type Outcome } from './perform.ts';
import { patchTypeOf, readCall, readObject } from './read-call.ts';
import { serveWatch } from './watch.ts';
import { writeOptionsOf } from '../http/query.ts';

export interface ResourceHandlerParts {
  clock: Clock;
  authorizer: Authorizer;
  random: Random;
  metrics: Metrics;
  /** So that requests that come all at once do not hold up everything else. */
  pace: Pace;
}

/** Serves one resource of the registry over HTTP. */
export async function serveResource(exchange: Exchange, rest: Rest, parts: ResourceHandlerParts): Promise<void> {
  const { verb } = exchange.info;
  if (verb === 'patch') patchTypeOf(exchange);
  // An answer that cannot be given is refused before anything is done.
  mustProduce(verb === 'list' || verb === 'watch' ? producible.list : producible.object, exchange.headers.accept);
  if (rest.resource.deprecation) {
    exchange.warn(rest.resource.deprecation);
    parts.metrics.deprecated(exchange);
  }
  if (verb === 'watch') return serveWatch(exchange, rest, parts);
  const format = negotiate(exchange.negotiation, 'transforms');
  const include = format.transform === 'Table' ? includeObjectOf(exchange.query) : 'None';
  const call = await readCall(exchange, rest.resource);
  const wait = parts.pace.next();
  if (wait) await wait;
  exchange.mayCreate = () => authorizeCreate(exchange, parts.authorizer);
  const outcome = await perform(exchange, rest, call);
  const table = (): TableOptions => ({ version: format.version ?? 'v1', include, nowMs: parts.clock.now() });
  await answer(exchange, rest.resource, outcome, format, table);
}

/** Who updates or applies what is not there needs the right to create it (`endpoints/handlers/update.go`). */
function authorizeCreate({ info, user }: Exchange, authorizer: Authorizer): void {
  const attributes = { ...info, user, verb: 'create' };
  const decision = authorizer.authorize(attributes);
  if (!decision.allowed) throw forbiddenError(attributes, decision.reason);
}

/** Serves a review: it can only be created. */
export async function serveVirtual(exchange: Exchange, virtual: VirtualRest): Promise<void> {
  const { info, query } = exchange;
  mustProduce(producible.object, exchange.headers.accept);
  const format = negotiate(exchange.negotiation);
  const write = writeOptionsOf(query, 'CreateOptions');
  const { value, ...found } = await readObject(exchange, virtual.resource.kindName);
  const made = await virtual.create(exchange, info.namespace, value, { ...write, ...found });
  await exchange.send(201, mediaTypes[format.encoding], encodeObject(made.object, format, made));
}

async function answer(
  exchange: Exchange,
  resource: Resource,
  outcome: Outcome,
  format: Format,
  table: () => TableOptions,
): Promise<void> {
  const type = mediaTypes[format.encoding];
  if (outcome.list) {
    await exchange.sendGroups(outcome.code, type, encodeList(resource, outcome.list, format, table));
  } else {
    await exchange.send(outcome.code, type, encodeAnswer(resource, outcome.answer, format, table));
  }
}

function encodeAnswer(resource: Resource, answered: Answer, format: Format, table: () => TableOptions): Piece {
  const { object } = answered;
  // Only the resource's own kind has columns, and a Scale; a Status or a token is shown as it is.
  const shownAs = [resource, scales as Resource].find(
    ({ kindName }) => isKubeObject(object) && object.kind === kindName,
  );
  if (format.transform !== 'Table' || !isKubeObject(object) || !shownAs) return encodeObject(object, format, answered);
  const shown = tableOfObject(shownAs, { object }, table());
  return format.encoding === 'yaml' ? pieceOf(formatYaml(shown)) : jsonLine(shown, format.pretty);
}
