import { bidi, service, type CallContext, type HandlersOf, type Infer } from '#wire';
import * as rpc from '../rpc/index.ts';
import { watchService } from '../rpc/services.ts';
import type { Parts } from './parts.ts';
import { EncodedWatchResponse } from './watch-message.ts';
import { WatchStream } from './watch-stream.ts';

/** The service of watches, whose answers hold events that are encoded already. */
export const encodedWatchService = service(watchService.name, {
  watch: bidi(watchService.methods.watch.name, rpc.WatchRequest, EncodedWatchResponse),
});

/** Watches over gRPC: many on one stream. */
export class WatchHandlers implements HandlersOf<typeof encodedWatchService> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  watch(
    requests: AsyncIterable<Infer<typeof rpc.WatchRequest>>,
    call: CallContext,
  ): AsyncIterable<Infer<typeof EncodedWatchResponse>> {
    return new WatchStream(this.#parts, call).run(requests);
  }
}
