import { openEmbeddedStore, type Store, type Watch } from '#etcd';
import { silentLogger, systemClock, systemRandom } from '#base';
import { keysUnder, type StoreClient, type StoreWatch } from './store-client.ts';

/** What `kedge etcd` and etcd are started with, too: room for all the data of a run. */
export const quotaBytes = 8 * 2 ** 30;

/** Kedge's engine in this process. */
export class EmbeddedClient implements StoreClient {
  readonly #store: Store;

  private constructor(store: Store) {
    this.#store = store;
  }

  static async open(directory: string): Promise<EmbeddedClient> {
    const machine = { clock: systemClock, random: systemRandom, log: silentLogger };
    return new EmbeddedClient(await openEmbeddedStore({ directory, quotaBytes, ...machine }));
  }

  async put(key: Buffer, value: Buffer): Promise<void> {
    await this.#store.put({ key, value });
  }

  async putAll(keys: readonly Buffer[], value: Buffer): Promise<void> {
    await this.#store.txn({ compare: [], success: keys.map((key) => ({ put: { key, value } })), failure: [] });
  }

  async putIf(key: Buffer, value: Buffer, modRevision: number): Promise<number> {
    const { succeeded, header } = await this.#store.txn({
      compare: [{ key, target: 'mod', result: '=', value: modRevision }],
      success: [{ put: { key, value } }],
      failure: [{ range: { key } }],
    });
    if (!succeeded) throw new Error('somebody else changed a key');
    return header.revision;
  }

  async get(key: Buffer, serializable: boolean): Promise<void> {
    const { count } = await this.#store.range({ key, serializable });
    if (count !== 1) throw new Error('a key is not there');
  }

  async list(prefix: string, limit = 0): Promise<number> {
    const { count } = await this.#store.range({ ...keysUnder(prefix), limit });
    return count;
  }

  watch(prefix: string, told: (events: number) => void): StoreWatch {
    const watch = this.#store.watch(keysUnder(prefix));
    return { ready: Promise.resolve(), ended: follow(watch, told), cancel: () => watch.cancel() };
  }

  async delete(prefix: string): Promise<void> {
    await this.#store.deleteRange(keysUnder(prefix));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#store.close();
  }
}

async function follow(watch: Watch, told: (events: number) => void): Promise<void> {
  for await (const { events } of watch) told(events.length);
}
