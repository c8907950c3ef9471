import type { Random } from '#base';
import type { LeaseGrantRequest, LeaseStatus } from '../store.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Batch } from './disk.ts';
import { toKeyBytes } from './keys.ts';
import type { Leases } from './leases.ts';
import type { Change } from './record.ts';

interface Options {
  leases: Leases;
  commits: CommitQueue;
  random: Random;
  /** Makes changes the next revision; resolves when it is durable. */
  write: (changes: readonly Change[], leases: Batch['leases']) => Promise<void>;
}

/** What is asked of leases, in memory and on the disk. */
export class LeaseOperations {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async grant(request: LeaseGrantRequest): Promise<{ id: bigint; ttlSeconds: number }> {
    const { leases, commits } = this.#options;
    const id = request.id || this.#freeId();
    const ttlSeconds = leases.grant(id, request.ttlSeconds);
    try {
      await commits.write({ records: [], leases: [{ id, ttlSeconds }] });
    } catch (error) {
      leases.remove(id);
      throw error;
    }
    return { id, ttlSeconds };
  }

  /** Ends a lease and deletes its keys, in one revision. */
  async revoke(id: bigint): Promise<void> {
    const { leases, commits, write } = this.#options;
    const keys = [...leases.get(id).keys].sort();
    const changes = keys.map((key) => ({ key, create: 0, version: 0, lease: 0n, value: new Uint8Array() }));
    leases.remove(id);
    const gone = [{ id, ttlSeconds: undefined }];
    if (changes.length > 0) await write(changes, gone);
    else await commits.write({ records: [], leases: gone });
  }

  timeToLive(id: bigint): LeaseStatus {
    const { leases } = this.#options;
    if (!leases.has(id)) return { id, ttlSeconds: -1, grantedTtlSeconds: 0, keys: [] };
    const { ttlSeconds, keys } = leases.get(id);
    return {
      id,
      ttlSeconds: leases.secondsLeft(id),
      grantedTtlSeconds: ttlSeconds,
      keys: [...keys].sort().map(toKeyBytes),
    };
  }

  #freeId(): bigint {
    const { random, leases } = this.#options;
    for (;;) {
      const id = Buffer.from(random.bytes(8)).readBigInt64LE() & 0x7fff_ffff_ffff_ffffn;
      if (id !== 0n && !leases.has(id)) return id;
    }
  }
}
