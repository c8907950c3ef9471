import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger, systemClock, type Clock } from '#base';
import { openEmbeddedStore, type Store } from '#etcd';
import { EncryptedStore, Encryption } from '../index.ts';

/** A store in a directory of its own, and a configuration file beside it. */
export interface SealedStore extends AsyncDisposable {
  directory: string;
  store: Store;
  configPath: string;
  /** Writes the file: `resources` of the configuration, as JSON or YAML. */
  configure(resources: unknown): Promise<void>;
  load(options?: { automaticReload?: boolean; clock?: Clock }): Promise<Encryption>;
  /** What lies there, as it is. */
  raw(key: string): Promise<Buffer>;
  put(key: string, value: string | Buffer): Promise<void>;
}

export async function openSealedStore(): Promise<SealedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-encryption-'));
  const parts = { random: seededRandom(3), log: silentLogger };
  const store = await openEmbeddedStore({ directory: join(directory, 'store'), clock: systemClock, ...parts });
  const configPath = join(directory, 'encryption.yaml');
  return {
    directory,
    store,
    configPath,
    configure: (resources) => writeFile(configPath, JSON.stringify({ ...head, resources })),
    load: ({ automaticReload = false, clock = systemClock } = {}) =>
      Encryption.load({ configPath, automaticReload, clock, ...parts }),
    async raw(key) {
      const { kvs } = await store.range({ key: Buffer.from(key) });
      return Buffer.from(kvs[0]?.value ?? '');
    },
    async put(key, value) {
      await store.put({ key: Buffer.from(key), value: Buffer.from(value) });
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

const head = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration' };

/** The store of one resource as the registry sees it: what can be put into it and read from it. */
export class Sealed {
  readonly #store: EncryptedStore;

  constructor(store: Store, encryption: Pick<Encryption, 'rules'>, plural: string, group = '') {
    this.#store = new EncryptedStore({ store, rule: () => encryption.rules.of({ group, plural }) });
  }

  async put(key: string, value: string): Promise<void> {
    const put = { key: Buffer.from(key), value: Buffer.from(value) };
    await this.#store.txn({ compare: [], success: [{ put }], failure: [] });
  }

  async get(key: string): Promise<string> {
    const { kvs } = await this.#store.range({ key: Buffer.from(key) });
    return Buffer.from(kvs[0]?.value ?? '').toString();
  }

  isStale(key: string): Promise<boolean> {
    return this.#store.isStale(Buffer.from(key));
  }
}
