import { decode, int64, message } from '#wire';
import { kvService, maintenanceService } from '../../src/etcd/rpc/services.ts';
import { GrpcConnection, type EtcdAccess } from './grpc-connection.ts';
import { keysUnder, type StoreClient, type StoreWatch } from './store-client.ts';
import { WatchStream } from './watch-stream.ts';

const kv = kvService.methods;

/** How many connections there are: calls have some of their own, and watches when there are to be any. */
export interface ConnectionCounts {
  calls?: number | undefined;
  watches?: number;
}

/** Of the answer to a range, how many keys there are: the client is not to spend its time on the keys themselves. */
class RangeCount extends message({ count: int64(4) }) {}

/** A member that is asked over gRPC; calls take its connections in turn. */
export class GrpcClient implements StoreClient {
  readonly #connections: readonly GrpcConnection[];
  readonly #watches: readonly WatchStream[];
  readonly #owned: AsyncDisposableStack;
  #turn = 0;

  private constructor(
    owned: AsyncDisposableStack,
    connections: readonly GrpcConnection[],
    watches: readonly WatchStream[],
  ) {
    this.#owned = owned;
    this.#connections = connections;
    this.#watches = watches;
  }

  /** Connects: with one connection when nothing is said of their number. */
  static async open(access: EtcdAccess, { calls = 1, watches = 0 }: ConnectionCounts = {}): Promise<GrpcClient> {
    await using opening = new AsyncDisposableStack();
    const connect = async (): Promise<GrpcConnection> => opening.use(await GrpcConnection.open(access));
    const connections = [await connect()];
    while (connections.length < calls) connections.push(await connect());
    const streams: WatchStream[] = [];
    while (streams.length < watches) streams.push(new WatchStream(await connect()));
    return new GrpcClient(opening.move(), connections, streams);
  }

  /** The version that the member says it is. */
  async version(): Promise<string> {
    const { status } = maintenanceService.methods;
    return (await this.#next().call(maintenanceService, status, {})).version;
  }

  async put(key: Buffer, value: Buffer): Promise<void> {
    await this.#next().call(kvService, kv.put, { key, value });
  }

  async putAll(keys: readonly Buffer[], value: Buffer): Promise<void> {
    const success = keys.map((key) => ({ requestPut: { key, value } }));
    await this.#next().call(kvService, kv.txn, { success });
  }

  async putIf(key: Buffer, value: Buffer, modRevision: number): Promise<number> {
    const { succeeded, header } = await this.#next().call(kvService, kv.txn, {
      compare: [{ key, target: 'MOD', result: 'EQUAL', modRevision }],
      success: [{ requestPut: { key, value } }],
      failure: [{ requestRange: { key } }],
    });
    if (!succeeded || !header) throw new Error('somebody else changed a key');
    return header.revision;
  }

  async get(key: Buffer, serializable: boolean): Promise<void> {
    const { count } = await this.#next().call(kvService, kv.range, { key, serializable });
    if (count !== 1) throw new Error('a key is not there');
  }

  async list(prefix: string, limit = 0): Promise<number> {
    const answer = await this.#next().ask(kvService, kv.range, { ...keysUnder(prefix), limit });
    return decode(RangeCount, answer).count;
  }

  watch(prefix: string, told: (events: number) => void): StoreWatch {
    const stream = this.#watches[this.#turn++ % this.#watches.length];
    if (!stream) throw new Error('the client was opened without connections for watches');
    return stream.watch(prefix, told);
  }

  async delete(prefix: string): Promise<void> {
    await this.#next().call(kvService, kv.deleteRange, keysUnder(prefix));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  #next(): GrpcConnection {
    return this.#connections[this.#turn++ % this.#connections.length]!; // there is one at least
  }
}
