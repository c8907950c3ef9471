import type { CallContext, EncodedMessages, HandlersOf, Infer } from '#wire';
import type * as rpc from '../rpc/index.ts';
import type { watchService } from '../rpc/services.ts';
import type { Parts } from './parts.ts';
import { WatchStream } from './watch-stream.ts';

/** Watches over gRPC: many on one stream. */
export class WatchHandlers implements HandlersOf<typeof watchService> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  watch(requests: AsyncIterable<Infer<typeof rpc.WatchRequest>>, call: CallContext): AsyncIterable<EncodedMessages> {
    return new WatchStream(this.#parts, call).run(requests);
  }
}
