import { messageOf } from '#base';
import { internalError, isStatusError, methodNotSupported, StatusError } from '#machinery';
import { includeObjectOf } from '../encoding/table.ts';
import { watchContentType, WatchFrames } from '../encoding/watch-frames.ts';
import type { Exchange } from '../http/exchange.ts';
import { negotiate } from '../http/negotiate.ts';
import { listOptionsOf } from '../http/query.ts';
import type { ListOptions, Rest, WatchItem } from '../registry/rest.ts';
import type { ResourceHandlerParts } from './resource-handler.ts';

/**
 * Streams a resource's events until the client goes, `timeoutSeconds` are over, or the registry says that the start was
 * too old. What fails before the first event is an answer of its own; what fails later is an ERROR event.
 */
export async function serveWatch(exchange: Exchange, rest: Rest, parts: ResourceHandlerParts): Promise<void> {
  if (!rest.resource.verbs.includes('watch')) throw methodNotSupported(rest.resource, 'watch');
  const format = negotiate(exchange.negotiation, 'transforms', true);
  const include = includeObjectOf(exchange.query);
  const { clock, metrics } = parts;
  const frames = new WatchFrames({ resource: rest.resource, format, include, nowMs: () => clock.now() });
  const namespace = rest.resource.namespaced ? exchange.info.namespace : '';
  const watched = rest.watch(exchange, namespace, watchOptions(exchange));
  const events = await begun(watched[Symbol.asyncIterator]());
  exchange.startStream(200, watchContentType(format));
  const done = metrics.longRunning(exchange);
  try {
    await pump(exchange, events, frames, (bytes) => metrics.watches.observe(rest.resource, bytes));
  } catch (error) {
    if (!exchange.aborted) {
      const status = error instanceof StatusError ? error.status : internalError(messageOf(error)).status;
      await exchange.write(frames.error(status));
    }
  } finally {
    done();
    exchange.endStream();
  }
}

/**
 * Takes the first step of a watch, as far as it goes without waiting: options that make no sense are an answer of their
 * own (400), while a start that is too old is an ERROR event, as upstream's watch cache has it.
 */
async function begun(events: AsyncIterator<WatchItem>): Promise<AsyncIterable<WatchItem>> {
  const first = events.next();
  let refused: unknown;
  first.catch((error: unknown) => {
    if (!isStatusError(error, 'Expired', 'Gone')) refused = error;
  });
  await new Promise(setImmediate);
  if (refused !== undefined) throw refused;
  return continued(first, events);
}

async function* continued(
  first: Promise<IteratorResult<WatchItem>>,
  events: AsyncIterator<WatchItem>,
): AsyncGenerator<WatchItem> {
  try {
    for (let step = await first; !step.done; step = await events.next()) yield step.value;
  } finally {
    await events.return?.();
  }
}

async function pump(
  exchange: Exchange,
  events: AsyncIterable<WatchItem>,
  frames: WatchFrames,
  sent: (bytes: number) => void,
): Promise<void> {
  for await (const event of events) {
    if (exchange.aborted) return;
    const frame = frames.event(event);
    sent(frame.length);
    await exchange.write(frame);
  }
}

/** A watch of one name, by its old path or by a field selector. */
function watchOptions({ info, query }: Exchange): ListOptions {
  const options = listOptionsOf(query, true);
  if (info.name === '' || options.fieldSelector) return options;
  return { ...options, fieldSelector: `metadata.name=${info.name}` };
}
