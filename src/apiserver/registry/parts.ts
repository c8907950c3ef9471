import type { Clock, Logger, Random } from '#base';
import type { ConvertObject, KubeObject, Resource } from '#machinery';
import type { AdmissionChain } from '../admission/chain.ts';
import type { ObjectStore } from '../encryption/index.ts';
import type { WatchCache } from '../watch-cache/index.ts';
import type { Door } from './door.ts';
import type { SnapshotPool } from './snapshot-pool.ts';
import type { ObjectStorage } from './storage.ts';
import type { Strategy } from './strategy.ts';

/** What the verbs of one resource share. */
export interface Parts {
  readonly resource: Resource<KubeObject>;
  readonly strategy: Strategy;
  /** The way to write the whole object. */
  readonly door: Door;
  readonly convert?: ConvertObject | undefined;
  /** `/registry/pods/`. */
  readonly prefix: string;
  readonly store: ObjectStore;
  readonly cache: WatchCache;
  readonly storage: ObjectStorage;
  readonly snapshots: SnapshotPool;
  readonly admission: AdmissionChain;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}
