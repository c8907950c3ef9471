import { messageOf } from '#base';
import { internalError, methodNotSupported, StatusError } from '#machinery';
import { includeObjectOf } from '../encoding/table.ts';
import { watchContentType, WatchFrames } from '../encoding/watch-frames.ts';
import type { Exchange } from '../http/exchange.ts';
import { sizeOf } from '../http/groups.ts';
import { negotiate } from '../http/negotiate.ts';
import { listOptionsOf, withName } from '../http/query.ts';
import type { Rest, WatchItem } from '../registry/rest.ts';
import type { ResourceHandlerParts } from './resource-handler.ts';

/** A client that does not say for how long it watches is let go after this, or up to twice as long, so that not all come back at once. */
const minTimeoutSeconds = 1800;

/**
 * Streams a resource's events until the client goes, the watch's time is over, or the registry says that the start was too
 * old. Options that make no sense are an answer of their own (400); whatever fails later is an ERROR event, as upstream
 * has it.
 */
export async function serveWatch(exchange: Exchange, rest: Rest, parts: ResourceHandlerParts): Promise<void> {
  if (!rest.resource.verbs.includes('watch')) throw methodNotSupported(rest.resource, 'watch');
  const format = negotiate(exchange.negotiation, 'transforms', true);
  const include = format.transform === 'Table' ? includeObjectOf(exchange.query) : 'None';
  const { clock, metrics, random, pace } = parts;
  const frames = new WatchFrames({ resource: rest.resource, format, include, nowMs: () => clock.now() });
  const namespace = rest.resource.namespaced ? exchange.info.namespace : '';
  const options = withName(listOptionsOf(exchange.query, true), exchange.info.name);
  const wait = pace.next();
  if (wait) await wait;
  const timeoutSeconds = options.timeoutSeconds || Math.floor(minTimeoutSeconds * (1 + random.next()));
  const events = rest.watch(exchange, namespace, { ...options, timeoutSeconds });
  exchange.startStream(200, watchContentType(format));
  const done = metrics.longRunning(exchange);
  const count = metrics.watches.of(rest.resource);
  try {
    const send = (event: WatchItem): Promise<void> | undefined => {
      const frame = frames.event(event);
      count(frame.length);
      return exchange.write(frame);
    };
    await events.forEach(send, (past) => {
      const all = frames.all(past);
      for (const pieces of all) count(sizeOf(pieces));
      return exchange.writeAll(all.flat());
    });
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
