import { bool, decode, int64, list, message, string } from '#wire';
import { watchService } from '../../src/etcd/rpc/services.ts';
import type { GrpcConnection, GrpcStream } from './grpc-connection.ts';
import type { WatchRequest } from '../../src/etcd/rpc/index.ts';
import { keysUnder, type StoreWatch } from './store-client.ts';

/** An event, of which nothing is read. */
class Uncounted extends message({}) {}

/** Of a watch's news, how much it is: a thousand watchers would keep the client busy with the events themselves. */
class News extends message({
  watchId: int64(2),
  created: bool(3),
  canceled: bool(4),
  cancelReason: string(6),
  events: list(11, Uncounted),
}) {}

interface Watcher {
  told: (events: number) => void;
  ready: PromiseWithResolvers<void>;
  ended: PromiseWithResolvers<void>;
}

/** The watches of one connection, all on one stream as etcd's own client has them. */
export class WatchStream {
  readonly #connection: GrpcConnection;
  #stream: GrpcStream<WatchRequest> | undefined;
  /** Asked for, in the order in which the member will tell that they are there. */
  readonly #asked: Watcher[] = [];
  readonly #watchers = new Map<number, Watcher>();

  constructor(connection: GrpcConnection) {
    this.#connection = connection;
  }

  watch(prefix: string, told: (events: number) => void): StoreWatch {
    const watcher = { told, ready: Promise.withResolvers<void>(), ended: Promise.withResolvers<void>() };
    this.#asked.push(watcher);
    this.#stream ??= this.#open();
    this.#stream.send({ createRequest: keysUnder(prefix) });
    return { ready: watcher.ready.promise, ended: watcher.ended.promise, cancel: () => this.#cancel(watcher) };
  }

  #open(): GrpcStream<WatchRequest> {
    const stream = this.#connection.stream(watchService, watchService.methods.watch, (bytes) => this.#hear(bytes));
    const over = (error: unknown): void => {
      for (const { ready, ended } of [...this.#asked, ...this.#watchers.values()]) {
        ready.reject(error);
        ended.reject(error);
      }
    };
    stream.ended.then(() => over(new Error('the member ended a stream of watches')), over);
    return stream;
  }

  #hear(bytes: Buffer): void {
    const { watchId, created, canceled, cancelReason, events } = decode(News, bytes);
    if (created) {
      const watcher = this.#asked.shift();
      if (!watcher) throw new Error('the member tells of a watch that nobody asked for');
      this.#watchers.set(watchId, watcher);
      watcher.ready.resolve();
    }
    const watcher = this.#watchers.get(watchId);
    if (canceled) watcher?.ended.reject(new Error(`a watch was canceled: ${cancelReason}`));
    watcher?.told(events.length);
  }

  #cancel(watcher: Watcher): void {
    for (const [watchId, one] of this.#watchers) {
      if (one !== watcher) continue;
      this.#stream?.send({ cancelRequest: { watchId } });
      this.#watchers.delete(watchId);
    }
    watcher.ended.resolve();
  }
}
